import { test } from "uvu";
import * as assert from "uvu/assert";
import { manifestOf, printManifest, readManifest } from "../../../codegen/write/manifest.ts";
import { emitted } from "./scratch.ts";

const HASH_OF_A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";

test("a manifest names each file with its emitter and hash, by path, and nothing that differs between machines", () => {
	assert.is(
		printManifest(manifestOf(emitted({ "b/c.ts": "a", "a.ts": "a" }))),
		`{
	"formatVersion": 1,
	"files": {
		"a.ts": {
			"emitter": "test",
			"sha256": "${HASH_OF_A}"
		},
		"b/c.ts": {
			"emitter": "test",
			"sha256": "${HASH_OF_A}"
		}
	}
}
`,
	);
});

test("what is printed is read back", () => {
	const manifest = manifestOf(emitted({ "a.ts": "a", "b.ts": "b" }));
	assert.equal(readManifest(printManifest(manifest)), { ok: true, manifest });
});

for (const [what, text, message] of [
	["a merge left its markers in it", "<<<<<<< HEAD\n{}", "is not JSON"],
	["it has no files", "{}", "has no `files`"],
	["another version wrote it", `{"formatVersion":2,"files":{}}`, "has the format version 2, this codegen writes 1"],
	[
		"it names a path outside the tree",
		`{"formatVersion":1,"files":{"../x":{"emitter":"a","sha256":"${HASH_OF_A}"}}}`,
		"names `../x`, which is not a path inside the generated tree",
	],
	["a hash is not one", `{"formatVersion":1,"files":{"x":{"emitter":"a","sha256":"12"}}}`, "has a malformed entry for `x`"],
] as const) {
	test(`a manifest is refused when ${what}`, () => {
		assert.equal(readManifest(text), { ok: false, message });
	});
}

test.run();
