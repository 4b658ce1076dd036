/**
 * `npm run matrix`: the treatment of every field by every backend kind, as a document.
 *
 *     npm run matrix                print the document
 *     npm run matrix -- --write     update src/backends/kinds/MATRIX.md
 *     npm run matrix -- --check     exit 1 if that file differs
 */
import "./require-node.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { REQUEST_FIELDS } from "../generated/ir/fields/operations.ts";
import { OPERATION_NAMES } from "../src/operations/is-operation.ts";
import { tablesOfKinds } from "./matrix/kind-tables.ts";
import { matrix } from "./matrix/matrix.ts";

/** The document in the repository. */
export const MATRIX_FILE = resolve(import.meta.dirname, "../src/backends/kinds/MATRIX.md");

/** Returns the document for the kinds of this package. */
export async function currentMatrix(): Promise<string> {
	const operations = OPERATION_NAMES.map((name) => ({ name, fields: REQUEST_FIELDS[name].FIELDS }));
	return matrix(operations, await tablesOfKinds());
}

/** Runs the command. Returns the exit code: 0, 1 if the file differs, 2 for wrong arguments. */
async function main(args: readonly string[]): Promise<number> {
	const [option, ...more] = args;
	if (more.length > 0 || (option !== undefined && option !== "--write" && option !== "--check")) {
		process.stderr.write("usage: npm run matrix -- [--write | --check]\n");
		return 2;
	}
	const text = await currentMatrix();
	if (option === "--write") writeFileSync(MATRIX_FILE, text);
	else if (option === undefined) process.stdout.write(text);
	else if (readFileSync(MATRIX_FILE, "utf8") !== text) {
		process.stderr.write(
			"src/backends/kinds/MATRIX.md differs from the tables of the kinds; run `npm run matrix -- --write` and review it\n",
		);
		return 1;
	}
	return 0;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
