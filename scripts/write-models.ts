/**
 * `npm run models`: the cards of the models, as a document.
 *
 *     npm run models                print the document
 *     npm run models -- --write     update src/model-store/README.md
 *     npm run models -- --check     exit 1 if that file differs
 */
import "./require-node.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { MANIFEST } from "../src/model-store/manifest.ts";
import { modelsPage } from "./models/models-page.ts";

/** The document in the repository. */
export const MODELS_FILE = resolve(import.meta.dirname, "../src/model-store/README.md");

/** Runs the command. Returns the exit code: 0, 1 if the file differs, 2 for wrong arguments. */
function main(args: readonly string[]): number {
	const [option, ...more] = args;
	if (more.length > 0 || (option !== undefined && option !== "--write" && option !== "--check")) {
		process.stderr.write("usage: npm run models -- [--write | --check]\n");
		return 2;
	}
	const text = modelsPage(MANIFEST.models);
	if (option === "--write") writeFileSync(MODELS_FILE, text);
	else if (option === undefined) process.stdout.write(text);
	else if (readFileSync(MODELS_FILE, "utf8") !== text) {
		process.stderr.write("src/model-store/README.md differs from models.json; run `npm run models -- --write` and review it\n");
		return 1;
	}
	return 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
