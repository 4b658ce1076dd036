import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { emulate, type FieldRule, pass, when } from "../../rules.ts";
import type { SchemaDialect, VendorDialects } from "./dialect.ts";
import { lowerSchema } from "./lower-schema.ts";

/** Rules of the fields of a chat request that hold a JSON Schema. */
export interface SchemaRules {
	/** Rule of `tools.parameters`. */
	readonly parameters: FieldRule<JsonObject, cchat.Request>;
	/** Rule of `response_format.json_schema.schema`. */
	readonly output: FieldRule<JsonObject, cchat.Request>;
}

const LOSS = emulate("keywords that the upstream lacks move into descriptions");

/**
 * Returns the rules for a vendor's dialects. A schema is emulated if values may arrive that it refuses, so the policy `strict` forbids it. A
 * schema that only excludes more values is kept under each policy: each value is valid. The answer reports both. A schema that the dialect
 * cannot express has no rule: the backend refuses it, because its message can name the path.
 *
 * @param dialectsOf Returns the dialects for a request, for a vendor whose models differ. The default is `dialects` for every request.
 */
export function schemaRules(dialects: VendorDialects, dialectsOf?: (request: cchat.Request) => VendorDialects): SchemaRules {
	if (dialectsOf !== undefined) return rulesOf(dialects, dialectsOf);
	const known = rulesByDialects.get(dialects) ?? rulesOf(dialects, () => dialects);
	rulesByDialects.set(dialects, known);
	return known;
}

/** Rules by dialects. Instances with the same rule are asked once about a request, and a schema is lowered once for all of them. */
const rulesByDialects = new WeakMap<VendorDialects, SchemaRules>();

function rulesOf(
	{ tools, strictTools, output, strictOutput }: VendorDialects,
	dialectsOf: (request: cchat.Request) => VendorDialects,
): SchemaRules {
	const words = "that says more than the upstream can enforce";
	const hasTools = tools !== "as-is" || strictTools !== "as-is";
	const hasOutput = output !== "as-is" || strictOutput !== "as-is";
	return {
		parameters: hasTools
			? when(
					words,
					(schema, request) => isWidened(schema, () => dialectsOf(request)[strictSchemas(request).has(schema) ? "strictTools" : "tools"]),
					LOSS,
				)
			: pass,
		output: hasOutput
			? when(
					words,
					(schema, request) => {
						const { response_format: format } = request;
						const isStrict = format?.type === "json_schema" && format.json_schema.strict === true;
						return isWidened(schema, () => dialectsOf(request)[isStrict ? "strictOutput" : "output"]);
					},
					LOSS,
				)
			: pass,
	};
}

/** Schemas of the strict tools by request. A rule is asked about each schema alone. */
const strictByRequest = new WeakMap<cchat.Request, ReadonlySet<JsonObject>>();

function strictSchemas(request: cchat.Request): ReadonlySet<JsonObject> {
	const known = strictByRequest.get(request);
	if (known !== undefined) return known;
	const schemas = new Set(request.tools.flatMap(({ parameters, strict }) => (strict === true ? [parameters] : [])));
	strictByRequest.set(request, schemas);
	return schemas;
}

/** Returns true if values that a schema excludes may arrive. Returns false for a schema or a model that the backend refuses, with the reason. */
export function isWidened(schema: JsonObject, dialectOf: () => SchemaDialect | "as-is"): boolean {
	try {
		return lowerSchema(schema, dialectOf(), "schema").downgrades.some(({ effect }) => effect === "wider");
	} catch {
		return false;
	}
}
