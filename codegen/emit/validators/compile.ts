/** JSON Schemas to the source of self-contained validators, by ajv ahead of time. */
import { _, type KeywordCxt, Name, str } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import { transform } from "esbuild";
import { type JsonSchema, mapSchema } from "../kit/schema/json-schema.ts";
import { boundErrors } from "./bound-errors.ts";
import { inlineRuntime } from "./inline-runtime.ts";

/**
 * Source of an ES module that exports one function for each of `validators` (export name → reference to a schema, e.g.
 * `cchat.schema.json#/$defs/Request`) and imports nothing. The functions collect the errors of the whole value, and at most a fixed number in each list and each object.
 *
 * The form of the values is that of `documents`: pass documents of the form `wire` for validators of what was parsed from JSON.
 */
export async function compileValidators(
	documents: ReadonlyMap<string, JsonSchema>,
	validators: ReadonlyMap<string, string>,
): Promise<string> {
	const ajv = createAjv();
	for (const schema of documents.values()) ajv.addSchema(withoutTexts(schema));
	const source = shorten(inlineRuntime(boundErrors(standaloneCode.default(ajv, Object.fromEntries(validators)))));
	const { code } = await transform(source, { format: "esm", target: "es2024", charset: "utf8", treeShaking: true, legalComments: "none" });
	return code.replace(/^(?: {2})+/gm, (spaces) => "\t".repeat(spaces.length / 2));
}

/** Six lines for each error that may be found make one. */
function shorten(code: string): string {
	return code.replace(
		/if\(vErrors === null\)\{\s*vErrors = \[(\w+)\];\s*\}\s*else \{\s*vErrors\.push\(\1\);\s*\}/g,
		"(vErrors ??= []).push($1);",
	);
}

function createAjv(): Ajv2020 {
	const ajv = new Ajv2020({
		allErrors: true,
		discriminator: true,
		strictTypes: false,
		validateSchema: false,
		inlineRefs: false,
		code: { source: true, esm: true, lines: true },
	});
	leaveOut(ajv, "unevaluated", ["unevaluatedProperties", "unevaluatedItems"]);
	leaveOut(ajv, "dynamicRef", ["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"]);
	ajv.addKeyword({
		keyword: "instanceOf",
		schemaType: "string",
		error: {
			message: ({ schema }) => str`must be ${String(schema)}`,
			params: ({ schema }) => _`{instanceOf: ${String(schema)}}`,
		},
		code: (context: KeywordCxt) => context.fail(_`!(${context.data} instanceof ${new Name(String(context.schema))})`),
	});
	// What the pattern beside it cannot say: ajv itself takes the keyword for a mere remark.
	ajv.removeKeyword("contentEncoding");
	ajv.addKeyword({
		keyword: "contentEncoding",
		type: "string",
		schemaType: "string",
		error: { message: "must be base64 in full groups of four characters" },
		code: (context: KeywordCxt) => context.fail(_`${context.data}.length % 4 !== 0`),
	});
	return ajv;
}

/**
 * Takes a part of the dialect away that no schema here uses but that every generated function would keep books for. A schema
 * that does use it is refused, as one with any other unknown keyword is.
 */
function leaveOut(ajv: Ajv2020, option: "unevaluated" | "dynamicRef", keywords: readonly string[]): void {
	ajv.opts[option] = false;
	for (const keyword of keywords) ajv.removeKeyword(keyword);
}

/** A copy without descriptions, which the generated code would otherwise carry along. */
function withoutTexts(root: JsonSchema): JsonSchema {
	return mapSchema(root, ({ description: _description, title: _title, $comment: _comment, default: _default, ...schema }) => schema);
}
