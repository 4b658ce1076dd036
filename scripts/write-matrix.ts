/**
 * `npm run matrix`: the treatment of every field by every backend kind, as a document.
 *
 *     npm run matrix                print the document
 *     npm run matrix -- --write     update src/backends/kinds/MATRIX.md
 *     npm run matrix -- --check     exit 1 if that file differs
 */
import "./require-node.ts";
import { resolve } from "node:path";
import process from "node:process";
import { REQUEST_FIELDS } from "../generated/ir/fields/operations.ts";
import { OPERATION_NAMES } from "../src/operations/is-operation.ts";
import { runMadeFile } from "./made-file.ts";
import { tablesOfKinds } from "./matrix/kind-tables.ts";
import { matrix } from "./matrix/matrix.ts";

/** The document in the repository. */
export const MATRIX_FILE = resolve(import.meta.dirname, "../src/backends/kinds/MATRIX.md");

/** Returns the document for the kinds of this package. */
export async function currentMatrix(): Promise<string> {
	const operations = OPERATION_NAMES.map((name) => ({ name, fields: REQUEST_FIELDS[name].FIELDS }));
	return matrix(operations, await tablesOfKinds());
}

if (import.meta.main) {
	const made = {
		command: "npm run matrix",
		file: MATRIX_FILE,
		make: currentMatrix,
		prints: true,
		differs: "src/backends/kinds/MATRIX.md differs from the tables of the kinds; run `npm run matrix -- --write` and review it",
	};
	process.exitCode = await runMadeFile(made, process.argv.slice(2));
}
