import { test } from "uvu";
import * as assert from "uvu/assert";
import { capDiffs } from "../../../codegen/cap-diffs.ts";
import { driftOf, unifiedDiff } from "../../../codegen/write/drift.ts";
import { manifestOf } from "../../../codegen/write/manifest.ts";
import { planWrite } from "../../../codegen/write/plan.ts";
import { emitted, inScratch, put } from "./scratch.ts";

const bytes = (text: string): Buffer => Buffer.from(text);

test("a changed text is a unified diff", () => {
	assert.is(
		unifiedDiff("generated/a.ts", bytes("one\ntwo\nthree\n"), bytes("one\n2\nthree\n")),
		"--- a/generated/a.ts\n+++ b/generated/a.ts\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n",
	);
});

test("a created and a deleted file are compared with /dev/null", () => {
	assert.is(unifiedDiff("a.ts", undefined, bytes("x\n")), "--- /dev/null\n+++ b/a.ts\n@@ -0,0 +1,1 @@\n+x\n");
	assert.is(unifiedDiff("a.ts", bytes("x\n"), undefined), "--- a/a.ts\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n");
});

test("binary files are compared by hash", () => {
	const zero = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
	const one = "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a";
	assert.is(
		unifiedDiff("a.wasm", Buffer.from([0]), Buffer.from([1])),
		`--- a/a.wasm\n+++ b/a.wasm\nBinary files differ: sha256 ${zero} (1 bytes) -> sha256 ${one} (1 bytes)\n`,
	);
	assert.match(unifiedDiff("a.wasm", Buffer.from([0xff, 0xfe]), undefined), "Binary files differ");
});

test("drift is everything that would change, files outside the tree included, by path", async () => {
	await inScratch((dir) => {
		const old = emitted({ "b.ts": "b\n", "gone.ts": "g\n" });
		for (const file of old) put(dir, `generated/${file.path}`, String(file.content));
		put(dir, "generated/edited.ts", "mine\n");
		const plan = planWrite(`${dir}/generated`, emitted({ "a.ts": "a\n", "b.ts": "b2\n", "edited.ts": "e\n" }), manifestOf(old));
		const drift = driftOf(plan, new Map([["../lock.json", bytes("{}\n")]]), `${dir}/generated`, (file) => file);
		assert.equal(
			drift.map(({ path, change }) => `${change} ${path}`),
			["create ../lock.json", "create a.ts", "update b.ts", "update edited.ts", "delete gone.ts", "create manifest.json"],
		);
	});
});

test("long diffs are cut, and what is left out is counted", () => {
	const drift = ["a", "b", "c"].map((path) => ({ path, change: "update" as const, diff: `1 ${path}\n2 ${path}\n3 ${path}\n` }));
	assert.equal(capDiffs(drift, 4), { text: "1 a\n2 a\n3 a\n1 b\n", omittedLines: 5, omittedFiles: 1 });
	assert.equal(capDiffs(drift, 100).omittedLines, 0);
});

test.run();
