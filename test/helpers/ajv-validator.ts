/** Validators of the schemas by ajv: the judge of the generated ones. */
import { _, type KeywordCxt, Name, str } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type JsonSchema, mapSchema } from "../../codegen/emit/kit/schema/json-schema.ts";

/** Returns a function that gives the pointer and the keyword of each fault, in order of text. What an object inherits is no member of it. */
export function ajvFaults(documents: ReadonlyMap<string, JsonSchema>, ref: string): (value: unknown) => string[] {
	const ajv = new Ajv2020({
		allErrors: true,
		discriminator: true,
		strictTypes: false,
		validateSchema: false,
		inlineRefs: false,
		ownProperties: true,
	});
	ajv.addKeyword({
		keyword: "instanceOf",
		schemaType: "string",
		error: { message: ({ schema }) => str`must be ${String(schema)}` },
		code: (context: KeywordCxt) => context.fail(_`!(${context.data} instanceof ${new Name(String(context.schema))})`),
	});
	ajv.removeKeyword("contentEncoding");
	ajv.addKeyword({
		keyword: "contentEncoding",
		type: "string",
		schemaType: "string",
		code: (context: KeywordCxt) => context.fail(_`${context.data}.length % 4 !== 0`),
	});
	for (const schema of documents.values()) ajv.addSchema(withoutDefaults(schema));
	const validate = ajv.getSchema(ref);
	if (validate === undefined) throw new Error(`there is no ${ref}`);
	return (value) => {
		validate(value);
		return faultTexts(validate.errors ?? []);
	};
}

/** Pointer and keyword of each fault, in order of text. A failed `if` is left out: the faults of its `then` are there. */
export function faultTexts(
	faults: readonly { readonly instancePath: string; readonly keyword: string; readonly message?: string }[],
): string[] {
	return faults
		.filter(({ keyword }) => keyword !== "if")
		.map(({ instancePath, keyword, message }) => `${instancePath} ${keyword}${keyword === "contentEncoding" ? "" : `: ${message}`}`)
		.sort();
}

function withoutDefaults(root: JsonSchema): JsonSchema {
	return mapSchema(root, ({ default: _default, ...schema }) => schema);
}
