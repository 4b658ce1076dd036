/**
 * `npm run config-page`: the reference of `spear.toml`, from the schema that the host validates with.
 *
 *     npm run config-page                print the page
 *     npm run config-page -- --write     update src/config/README.md
 *     npm run config-page -- --check     exit 1 if that file differs
 */
import "./require-node.ts";
import { resolve } from "node:path";
import process from "node:process";
import schema from "../generated/schema/config.schema.json" with { type: "json" };
import { EXAMPLES } from "./config-page/examples.ts";
import { INTRO } from "./config-page/intro.ts";
import { configPage } from "./config-page/page.ts";
import { configTables } from "./config-page/tables.ts";
import { runMadeFile } from "./made-file.ts";

/** The page in the repository. */
export const CONFIG_PAGE_FILE = resolve(import.meta.dirname, "../src/config/README.md");

/** Returns the page for the schema of this package. */
export function currentConfigPage(): string {
	return configPage(configTables(schema), EXAMPLES, INTRO);
}

if (import.meta.main) {
	const made = {
		command: "npm run config-page",
		file: CONFIG_PAGE_FILE,
		make: currentConfigPage,
		prints: true,
		differs: "src/config/README.md differs from the schema; run `npm run config-page -- --write` and review it",
	};
	process.exitCode = await runMadeFile(made, process.argv.slice(2));
}
