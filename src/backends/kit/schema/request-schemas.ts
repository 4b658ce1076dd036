import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { emptyTally } from "./bounds.ts";
import type { SchemaDialect, VendorDialects } from "./dialect.ts";
import { RESTRICTIONS } from "./keywords.ts";
import { lowerSchema } from "./lower-schema.ts";
import type { SchemaDowngrade } from "./lowering.ts";

/** Lowers the schemas of one chat request into the dialects of a vendor. Limits of the whole request count over all of them. */
export class RequestSchemas {
	/** Losses of the schemas so far. */
	readonly downgrades: SchemaDowngrade[] = [];
	readonly #dialects: VendorDialects;
	readonly #tally = emptyTally();
	#strictTools = 0;

	constructor(dialects: VendorDialects) {
		this.#dialects = dialects;
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
		return this.#lower(strict === true ? withProperties(parameters) : parameters, dialect, path, suffix);
	}

	/** Returns the lowered schema of the answer: the same object if nothing changes. */
	output({ schema, strict }: Pick<cchat.JsonSchemaFormat, "schema" | "strict">): JsonObject {
		const { output, strictOutput } = this.#dialects;
		return this.#lower(schema, strict === true ? strictOutput : output, "response_format.json_schema.schema", "");
	}

	#lower(schema: JsonObject, dialect: SchemaDialect | "as-is", path: string, suffix: string): JsonObject {
		const lowered = lowerSchema(schema, dialect, path, { suffix, tally: this.#tally });
		this.downgrades.push(...lowered.downgrades);
		return lowered.schema;
	}
}

/** Returns the parameters of a tool without arguments as an object without properties, instead of an object with any. */
function withProperties(parameters: JsonObject): JsonObject {
	const says = Object.keys(parameters).some((keyword) => keyword !== "type" && keyword !== "required" && RESTRICTIONS.has(keyword));
	return says ? parameters : { ...parameters, properties: {} };
}
