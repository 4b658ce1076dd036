import { test } from "uvu";
import * as assert from "uvu/assert";
import { mergeSystemMessages, withoutSystemRole } from "../../../../../src/backends/kit/chat/emulate/system-role.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { parts, say } from "../../../chat-envelope.ts";
import { answer, scripted, streamed, text, whole } from "./scripted.ts";

const PNG = { type: "image" as const, image: { source: { type: "stored" as const, stored: "sms+file://1" } } };

test("instructions become the beginning of the user message that follows", () => {
	assert.equal(mergeSystemMessages([say("system", "A"), say("system", "B"), say("user", "Hi", { name: "ann" })]), [
		say("user", "A\n\nB\n\nHi", { name: "ann" }),
	]);
	assert.equal(mergeSystemMessages([say("system", "A"), parts("user", PNG, text("?"))]), [parts("user", text("A"), PNG, text("?"))]);
});

test("instructions before another message, or at the end, become a user message", () => {
	assert.equal(mergeSystemMessages([say("system", "A"), say("assistant", "Hello"), say("user", "Hi"), say("system", "B")]), [
		say("user", "A"),
		say("assistant", "Hello"),
		say("user", "Hi"),
		say("user", "B"),
	]);
});

test("later instructions stay where they stood", () => {
	assert.equal(mergeSystemMessages([say("user", "1"), say("assistant", "2"), say("system", "A"), say("user", "3")]), [
		say("user", "1"),
		say("assistant", "2"),
		say("user", "A\n\n3"),
	]);
});

test("a system message with an image is refused", () => {
	assert.throws(
		() => mergeSystemMessages([say("user", "Hi"), parts("system", text("A"), PNG)]),
		(error: unknown) =>
			error instanceof SpearError && error.message === "messages[1].content[1]: a system message cannot have a part of type image",
	);
});

test("whole answers and streams receive the merged conversation", async () => {
	const upstream = scripted(answer([text("Hello")]));
	const backend = withoutSystemRole(upstream);
	const messages = [say("system", "A"), say("user", "Hi")];
	assert.equal(await whole(backend, { messages }), answer([text("Hello")]));
	assert.equal(await streamed(backend, { messages }), [{ type: "completed", completed: answer([text("Hello")]) }]);
	assert.equal(
		upstream.payloads.map((payload) => payload.messages),
		[[say("user", "A\n\nHi")], [say("user", "A\n\nHi")]],
	);
});

test.run();
