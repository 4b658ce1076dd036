import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { RequestDowngrades } from "../chat/request-downgrades.ts";
import { emptyTally } from "./bounds.ts";
import type { SchemaDialect, VendorDialects } from "./dialect.ts";
import { RESTRICTIONS } from "./keywords.ts";
import { lowerSchema } from "./lower-schema.ts";

const OUTPUT = "response_format.json_schema.schema";

/** Place of a schema in a request. */
interface SchemaPlace {
	/** Field of the request, for the report. */
	readonly field: string;
	readonly path: string;
	/** Text after each path in messages, such as the name of the tool. */
	readonly suffix: string;
}

/** Lowers the schemas of one chat request into the dialects of a vendor. Limits of the whole request count over all of them. */
export class RequestSchemas {
	readonly #downgrades: RequestDowngrades;
	readonly #dialects: VendorDialects;
	readonly #tally = emptyTally();
	#strictTools = 0;

	/** @param downgrades Receives the losses of the schemas. The default discards them. */
	constructor(dialects: VendorDialects, downgrades = new RequestDowngrades()) {
		this.#dialects = dialects;
		this.#downgrades = downgrades;
	}

	/**
	 * Returns the lowered parameters of a tool: the same object if nothing changes.
	 *
	 * @param index Index of the tool in the request, for messages.
	 */
	tool({ name, parameters, strict }: Pick<cchat.Tool, "name" | "parameters" | "strict">, index: number): JsonObject {
		const { tools, strictTools, maxStrictTools = Number.POSITIVE_INFINITY } = this.#dialects;
		if (strict === true && ++this.#strictTools > maxStrictTools)
			throw new SpearError(
				"missing_capabilities",
				`tools: this backend accepts at most ${maxStrictTools} strict tools; make others not strict`,
			);
		const dialect = strict === true ? strictTools : tools;
		const path = `tools[${index}].parameters`;
		const suffix = ` (tool "${guestName(name)}")`;
		const { type = "object" } = parameters;
		if (dialect !== "as-is" && type !== "object" && !(Array.isArray(type) && type.includes("object")))
			throw new SpearError(
				"invalid_request",
				`${path}${suffix}: the type of a tool's parameters must be "object"; wrap them into properties`,
			);
		return this.#lower(strict === true ? withProperties(parameters) : parameters, dialect, { field: "tools.parameters", path, suffix });
	}

	/** Returns the lowered schema of the answer: the same object if nothing changes. */
	output({ schema, strict }: Pick<cchat.JsonSchemaFormat, "schema" | "strict">): JsonObject {
		const { output, strictOutput } = this.#dialects;
		return this.#lower(schema, strict === true ? strictOutput : output, { field: OUTPUT, path: OUTPUT, suffix: "" });
	}

	#lower(schema: JsonObject, dialect: SchemaDialect | "as-is", { field, path, suffix }: SchemaPlace): JsonObject {
		const lowered = lowerSchema(schema, dialect, path, { suffix, tally: this.#tally });
		for (const { path: at, effect, detail } of lowered.downgrades)
			this.#downgrades.add({ field, effect: effect === "wider" ? "emulated" : "changed", detail: `${at}${suffix}: ${detail}` });
		return lowered.schema;
	}
}

/** Returns the parameters of a tool without arguments as an object without properties, instead of an object with any. */
function withProperties(parameters: JsonObject): JsonObject {
	const says = Object.keys(parameters).some((keyword) => keyword !== "type" && keyword !== "required" && RESTRICTIONS.has(keyword));
	return says ? parameters : { ...parameters, properties: {} };
}
