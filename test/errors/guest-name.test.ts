import { test } from "uvu";
import * as assert from "uvu/assert";
import type { MediaRef } from "../../generated/ir/types.ts";
import { describeFaults } from "../../src/errors/describe-faults.ts";
import { guestName } from "../../src/errors/guest-name.ts";
import { normalizeCchat } from "../../src/normalize/cchat.ts";

test("an ordinary name is kept", () => {
	assert.is(guestName("gpt-4o/größer 'x'"), "gpt-4o/größer 'x'");
	assert.is(guestName("n".repeat(200)), "n".repeat(200));
});

test("a long name is cut, and never within a character", () => {
	assert.is(guestName("n".repeat(201)), `${"n".repeat(199)}…`);
	assert.is(guestName(`${"n".repeat(198)}😀😀`), `${"n".repeat(198)}…`);
});

test("line breaks, control characters and changes of writing direction are escaped", () => {
	assert.is(guestName("a\nb\u001b[31m\u009b\u2028\u202e"), "a\\nb\\u001b[31m\\u009b\\u2028\\u202e");
});

test("a description of faults bounds the name of an unknown member", () => {
	const params = { additionalProperty: `x\n${"y".repeat(10_000_000)}` };
	const [line = ""] = describeFaults([{ instancePath: "/a", keyword: "additionalProperties", params }]);
	assert.match(line, /^a\.x\\ny+…: no such key$/);
	assert.ok(line.length < 300);
});

test("messages about a conversation bound the names in it", () => {
	const id = `call\n${"9".repeat(10_000_000)}`;
	const call = { id, name: "t", arguments: "{}" };
	const message = { role: "assistant" as const, content: [], tool_calls: [call] };
	const media = { admit: async (reference: MediaRef) => reference, seconds: async () => undefined };
	let failure: unknown;
	assert.throws(
		() => normalizeCchat({ messages: [message], tools: [] }, media),
		(thrown: unknown) => {
			failure = thrown;
			return true;
		},
	);
	assert.match(String(failure), /: messages: tool call 'call\\n9+…' must be answered/);
	assert.ok(String(failure).length < 350);
});

test.run();
