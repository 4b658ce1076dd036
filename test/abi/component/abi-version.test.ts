import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkVersions, hostVersions } from "../../../src/abi/component/abi-version.ts";

function accepts(wanted: string, offered: readonly string[]): boolean {
	try {
		checkVersions("x.wasm", [{ name: wanted, functions: [], resources: [] }], hostVersions(offered));
		return true;
	} catch {
		return false;
	}
}

test("below 1.0 the minor version has to be the same and the patch not newer", () => {
	const host = ["spear:ai/cchat@0.2.3#complete"];
	assert.is(accepts("spear:ai/log@0.2.3", host), true);
	assert.is(accepts("spear:ai/log@0.2.0", host), true);
	assert.is(accepts("spear:ai/log@0.2.4", host), false);
	assert.is(accepts("spear:ai/log@0.1.9", host), false);
	assert.is(accepts("spear:ai/log@0.3.0", host), false);
});

test("from 1.0 on an older minor version will do", () => {
	const host = ["spear:ai/cchat@1.2.0#complete"];
	assert.is(accepts("spear:ai/log@1.1.7", host), true);
	assert.is(accepts("spear:ai/log@1.3.0", host), false);
	assert.is(accepts("spear:ai/log@2.0.0", host), false);
});

test("any WASI 0.2 will do, 0.3 will not; other packages are the embedder's", () => {
	assert.is(accepts("wasi:io/poll@0.2.12", []), true);
	assert.is(accepts("wasi:clocks/monotonic-clock@0.3.0", []), false);
	assert.is(accepts("my:own/calls@7.0.0", []), true);
});

test("the refusal names both versions", () => {
	assert.throws(
		() =>
			checkVersions(
				"x.wasm",
				[{ name: "spear:ai/log@0.2.0", functions: [], resources: [] }],
				hostVersions(["spear:ai/cchat@0.1.0#complete"]),
			),
		"x.wasm imports spear:ai/log@0.2.0, and this host offers spear:ai 0.1.0; build the guest for that version",
	);
});

test.run();
