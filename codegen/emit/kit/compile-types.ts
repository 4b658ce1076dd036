/** JSON Schemas to TypeScript declarations, by json-schema-to-typescript. */
import type { JSONSchema } from "json-schema-to-typescript";
import { collapseDocComments } from "./doc-comment.ts";
import { LINE_WIDTH, union } from "./layout.ts";
import { type JsonSchema, mapSchema } from "./schema/json-schema.ts";

const OPTIONS = {
	bannerComment: "",
	ignoreMinAndMaxItems: true,
	strictIndexSignatures: false,
	style: { useTabs: true, printWidth: LINE_WIDTH, trailingComma: "all", bracketSpacing: true },
} as const;

/** Exported declarations, one a schema, in order, with blank lines between. References must be `tsType`s already. */
export async function compileTypes(schemas: ReadonlyMap<string, JsonSchema>): Promise<string> {
	// Loaded on demand: with its formatter it takes longer to load than most runs take.
	const { compile } = await import("json-schema-to-typescript");
	const declarations: string[] = [];
	for (const [name, schema] of schemas) {
		const code = await compile(asInput({ ...withDefaultTags(withCaseDocs(schema)), title: name }), name, OPTIONS);
		// The tool has a spelling of its own for names with digits.
		declarations.push(code.trim().replace(/^(export (?:interface|type)) \w+/m, (_, head: string) => `${head} ${name}`));
	}
	return collapseDocComments(`${declarations.map(withLeadingBars).join("\n\n")}\n`);
}

/** Breaks a long union of strings as the project's formatter does, which the tool's own one does otherwise. */
function withLeadingBars(code: string): string {
	return code.replace(/^(export type \w+ =)\n\t("[^|]*"(?: \| "[^|]*")+);$/m, (_, head: string, members: string) =>
		union(head, members.split(" | ")),
	);
}

/** The tool's own schema type is that of an older dialect; what we write is valid in both but for keywords it ignores. */
function asInput(schema: JsonSchema): JSONSchema {
	const input: object = schema;
	return input;
}

/** Puts every `default` into the description too: the tool drops it, and a reader of the types wants to know it. */
function withDefaultTags(schema: JsonSchema): JsonSchema {
	return mapSchema(schema, (each) => {
		if (each.default === undefined) return each;
		const text = typeof each.default === "string" ? each.default : JSON.stringify(each.default);
		return { ...each, description: [each.description, `@default ${text}`].filter((part) => part !== undefined).join("\n\n") };
	});
}

/** Moves the description of an alternative to its last member, which is what tells it apart: the tool drops those of anonymous objects. */
function withCaseDocs(schema: JsonSchema): JsonSchema {
	return mapSchema(schema, ({ ...each }) => {
		if (each.oneOf !== undefined) each.oneOf = each.oneOf.map(moveDescription);
		return each;
	});
}

function moveDescription({ description, ...schema }: JsonSchema): JsonSchema {
	const last = Object.entries(schema.properties ?? {}).at(-1);
	if (description === undefined || last === undefined || last[1].description !== undefined)
		return { ...schema, ...(description && { description }) };
	return { ...schema, properties: { ...schema.properties, [last[0]]: { ...last[1], description } } };
}
