/**
 * `npm run schema`: the JSON Schema of `spear.toml` for editors.
 *
 *     npm run schema                print the schema
 *     npm run schema -- --write     update src/config/spear.schema.json
 *     npm run schema -- --check     exit 1 if that file differs
 */
import "./require-node.ts";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { FEATURES } from "../generated/ir/operations.ts";
import { backendKinds } from "../generated/registry.ts";
import hostSchema from "../generated/schema/config.schema.json" with { type: "json" };
import { OPERATION_NAMES } from "../src/operations/is-operation.ts";
import { editorSchema } from "./config-schema/config-schema.ts";
import { optionsOfKind } from "./config-schema/kind-options.ts";
import { optionsSchema } from "./config-schema/options-schema.ts";
import { runMadeFile } from "./made-file.ts";

/** The schema in the repository. */
export const SCHEMA_FILE = resolve(import.meta.dirname, "../src/config/spear.schema.json");

const KINDS_PAGE = resolve(import.meta.dirname, "../src/backends/kinds/README.md");

/** Returns the schema for the kinds of this package. */
export async function currentSchema(): Promise<string> {
	const page = readFileSync(KINDS_PAGE, "utf8");
	const kinds = await Promise.all(
		backendKinds.map(async (kind) => [kind.name, optionsSchema(kind.name, await optionsOfKind(kind), page)] as const),
	);
	const schema = editorSchema(hostSchema, { operations: OPERATION_NAMES, features: FEATURES, kinds: new Map(kinds) });
	return `${JSON.stringify(schema, undefined, "\t")}\n`;
}

if (import.meta.main) {
	const made = {
		command: "npm run schema",
		file: SCHEMA_FILE,
		make: currentSchema,
		prints: true,
		differs: "src/config/spear.schema.json differs from what the host reads; run `npm run schema -- --write` and review it",
	};
	process.exitCode = await runMadeFile(made, process.argv.slice(2));
}
