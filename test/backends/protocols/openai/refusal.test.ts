import { test } from "uvu";
import * as assert from "uvu/assert";
import { holdsWord, namesMember } from "../../../../src/backends/protocols/openai/refusal.ts";

test("a refusal names a member in a place that servers state, whatever the guest wrote", () => {
	const stated: unknown[] = [
		{ error: { param: "stream" } },
		{ error: { param: "stream.include_usage" } },
		[{ error: { details: [{ fieldViolations: [{ field: "stream" }] }] } }],
		{ detail: [{ loc: ["body", "stream", 0], msg: "no" }] },
		{ object: "error", message: { detail: [{ loc: ["stream"] }] } },
		{ errors: [{ field: "stream" }] },
	];
	for (const body of stated)
		assert.ok(
			namesMember({ body: JSON.stringify(body) }, "stream", () => true),
			JSON.stringify(body),
		);
});

test("a refusal that states another member, or repeats the guest's text, does not name the member", () => {
	const others: unknown[] = [
		{ error: { param: "tools[0].stream", message: "stream" } },
		{ detail: [{ loc: ["body", "messages"], input: { param: "stream", loc: ["stream"] } }] },
		{ error: { message: "cannot answer: stream" } },
		"stream",
	];
	for (const body of others)
		assert.not.ok(
			namesMember({ body: JSON.stringify(body) }, "stream", () => true),
			JSON.stringify(body),
		);
});

test("a message names a member only as a word of its own, and only if the guest did not write the word", () => {
	for (const [text, holds] of [
		["'stream' is unsupported", true],
		["stream=true", true],
		["upstream", false],
		["stream_options", false],
		["upstream, stream_options, stream", true],
		["", false],
	] as const) {
		assert.is(holdsWord(text, "stream"), holds, text);
		assert.is(
			namesMember({ body: text }, "stream", () => false),
			holds,
			text,
		);
		assert.not.ok(namesMember({ body: text }, "stream", () => true));
	}
});

test.run();
