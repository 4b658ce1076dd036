import { test } from "uvu";
import * as assert from "uvu/assert";
import { MANIFEST } from "../../src/model-store/manifest.ts";
import data from "../../src/model-store/models.json" with { type: "json" };
import { parseManifest } from "../../src/model-store/parse-manifest.ts";
import { OPERATION_NAMES } from "../../src/operations/is-operation.ts";
import { sha256 } from "./made-up-models.ts";

test("the manifest has the models by name, those of the default set first", () => {
	assert.equal(
		MANIFEST.models.map(({ name, default: byDefault }) => [name, byDefault]),
		[
			["moonshine-tiny", true],
			["silero-vad", true],
			["flite", true],
			["sentence-encoder-en", true],
			["smollm2-135m-instruct", false],
		],
	);
});

test("each model has known operations and the text of its licence", () => {
	for (const { name, operations, licenseFiles, card } of MANIFEST.models) {
		for (const operation of operations)
			assert.ok(
				OPERATION_NAMES.some((known) => known === operation),
				`${name}: ${operation}`,
			);
		assert.ok(licenseFiles.length > 0, name);
		for (const text of Object.values(card)) assert.match(text, /^[A-Z].*\.$/, name);
	}
});

test("a text in the manifest has the size and digest that the manifest says", () => {
	for (const { name, files } of MANIFEST.models)
		for (const { source, bytes, sha256: digest } of files)
			if (typeof source === "string") assert.equal([Buffer.byteLength(source), sha256(source)], [bytes, digest], name);
});

/** Returns the message about the manifest with one member of the first model replaced. */
function fault(change: (model: Record<string, unknown>) => void): string {
	const copy: { models: Record<string, unknown>[] } = structuredClone(data);
	for (const model of copy.models.slice(0, 1)) change(model);
	try {
		parseManifest(copy, "m.json");
	} catch (thrown) {
		return String(thrown);
	}
	return "";
}

const FILE = { name: "a", bytes: 1, sha256: "0".repeat(64), from: { package: "llama-tokenizer-js", path: "a" } };
const cases: [what: string, change: (model: Record<string, unknown>) => void, message: RegExp][] = [
	["a model outside its directory", (model) => Object.assign(model, { name: "../x" }), /models\[0\]\.name: must be a text/],
	["a file outside its folder", (model) => Object.assign(model, { files: [{ ...FILE, name: "a/b" }] }), /files\[0\]\.name: must be a text/],
	["a digest that is cut", (model) => Object.assign(model, { files: [{ ...FILE, sha256: "00" }] }), /files\[0\]\.sha256: must be/],
	["a file of no package", (model) => Object.assign(model, { packages: [] }), /files\[0\]\.from\.package: the model has no package/],
	["two files of one name", (model) => Object.assign(model, { files: [FILE, { ...FILE, name: "A" }] }), /files: two are named 'A'/],
	["a licence that is no file", (model) => Object.assign(model, { licenseFiles: ["NONE"] }), /licenseFiles: the model has no file 'NONE'/],
	[
		"a package by an option",
		(model) => Object.assign(model, { packages: [{ registry: "npm", name: "--x" }] }),
		/packages\[0\]\.name: must/,
	],
	["an unknown registry", (model) => Object.assign(model, { packages: [{ registry: "http" }] }), /registry: must be one of npm, pypi/],
	[
		"an unknown derivation",
		(model) => Object.assign(model, { files: [{ ...FILE, from: { ...FILE.from, derive: "x" } }] }),
		/derive: must be/,
	],
];
for (const [what, change, message] of cases) test(`the manifest cannot name ${what}`, () => assert.match(fault(change), message));

test.run();
