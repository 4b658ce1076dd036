/**
 * `npm run admin-api`: the OpenAPI document of the admin API.
 *
 *     npm run admin-api                print the document
 *     npm run admin-api -- --write     update src/serve/admin/openapi.json
 *     npm run admin-api -- --check     exit 1 if that file differs
 */
import "./require-node.ts";
import { resolve } from "node:path";
import process from "node:process";
import { openApiOf } from "./admin-api/open-api.ts";
import { schemasOf } from "./admin-api/schemas.ts";
import { runMadeFile } from "./made-file.ts";

/** The document in the repository. */
export const OPENAPI_FILE = resolve(import.meta.dirname, "../src/serve/admin/openapi.json");

/** Returns the document for the types and functions of the admin API. */
export function currentOpenApi(): string {
	const document = openApiOf(schemasOf(resolve(import.meta.dirname, "../src/serve/admin/api.ts")));
	// A line for each property and parameter: the file is in the package, and white space would be half of it. Strings hold no line breaks.
	return `${JSON.stringify(document, undefined, "\t").replace(/\n\t{6,}/g, " ")}\n`;
}

if (import.meta.main) {
	const made = {
		command: "npm run admin-api",
		file: OPENAPI_FILE,
		make: currentOpenApi,
		prints: true,
		differs: "src/serve/admin/openapi.json differs from the types of the admin API; run `npm run admin-api -- --write` and review it",
	};
	process.exitCode = await runMadeFile(made, process.argv.slice(2));
}
