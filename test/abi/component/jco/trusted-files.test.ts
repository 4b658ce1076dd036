import { test } from "uvu";
import * as assert from "uvu/assert";
import { distrustReason } from "../../../../src/abi/component/jco/trusted-files.ts";

test("a file of this user that nobody else can write is trusted", () => {
	assert.is(distrustReason({ uid: 1000, mode: 0o100644 }, 1000), undefined);
});

test("a file of root is trusted", () => {
	assert.is(distrustReason({ uid: 0, mode: 0o100644 }, 1000), undefined);
});

test("a file of another user is refused", () => {
	assert.is(distrustReason({ uid: 1001, mode: 0o100600 }, 1000), "it belongs to user 1001, and this process runs as user 1000");
	assert.is(distrustReason({ uid: 1001, mode: 0o100600 }, 0), "it belongs to user 1001, and this process runs as user 0");
});

test("a file that the group or all users can write is refused", () => {
	for (const mode of [0o100664, 0o100646, 0o100666])
		assert.match(distrustReason({ uid: 1000, mode }, 1000) ?? "", "other users can write to it");
});

test("nothing is refused on a system without POSIX permissions", () => {
	assert.is(distrustReason({ uid: 0, mode: 0o100666 }, undefined), undefined);
});

test.run();
