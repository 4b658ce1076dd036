import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { modelsPage } from "../../scripts/models/models-page.ts";
import { MODELS_FILE } from "../../scripts/write-models.ts";
import { MANIFEST } from "../../src/model-store/manifest.ts";
import { modelOf, sha256 } from "../model-store/made-up-models.ts";

test("the page of models in the documentation is current", () => {
	assert.is(readFileSync(MODELS_FILE, "utf8"), modelsPage(MANIFEST.models), "run `npm run models -- --write` and review the difference");
});

test("a model has its sizes, its licence, its weakness and the digest of each file", () => {
	const page = modelsPage([modelOf("one", { "a.bin": "12345" }, { memoryBytes: 12e6, languages: [], voices: ["v"] })]);
	assert.ok(page.includes("| `one` | `embeddings` | any | MIT | 0.0 MB | 0.0 MB | 12 MB | no |"), page);
	assert.ok(page.includes("**Weak at:** All."));
	assert.ok(page.includes("Voices: `v`."));
	assert.ok(page.includes(`| \`a.bin\` | 5 | \`${sha256("12345")}\` |`));
});

test.run();
