/**
 * `npm run models`: the cards of the models, as a document.
 *
 *     npm run models                print the document
 *     npm run models -- --write     update src/model-store/README.md
 *     npm run models -- --check     exit 1 if that file differs
 */
import "./require-node.ts";
import { resolve } from "node:path";
import process from "node:process";
import { MANIFEST } from "../src/model-store/manifest.ts";
import { runMadeFile } from "./made-file.ts";
import { modelsPage } from "./models/models-page.ts";

/** The document in the repository. */
export const MODELS_FILE = resolve(import.meta.dirname, "../src/model-store/README.md");

if (import.meta.main) {
	const made = {
		command: "npm run models",
		file: MODELS_FILE,
		make: () => modelsPage(MANIFEST.models),
		prints: true,
		differs: "src/model-store/README.md differs from models.json; run `npm run models -- --write` and review it",
	};
	process.exitCode = await runMadeFile(made, process.argv.slice(2));
}
