import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { trim } from "../../src/guest/history.ts";

type Message = Parameters<typeof trim>[0][number];

const text = (role: Message["role"], val: string): Message => ({ role, content: [{ tag: "text", val }] });

/** A turn: a question, steps with calls and their results, and an answer. */
const turn = fc
	.tuple(fc.string({ maxLength: 40 }), fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }), fc.boolean())
	.map(([question, steps, isAnswered]): Message[] => [
		text("user", question),
		...steps.flatMap((calls, step): Message[] => {
			const ids = Array.from({ length: calls }, (_, call) => `${step}-${call}`);
			return [
				{ role: "assistant", content: [], toolCalls: ids.map((id) => ({ id, name: "stock", arguments: "{}" })) },
				...ids.map((id): Message => ({ role: "tool", content: [{ tag: "text", val: "twelve" }], toolCallId: id })),
			];
		}),
		...(isAnswered ? [text("assistant", "answer")] : []),
	]);

const conversation = fc
	.tuple(fc.boolean(), fc.array(turn, { maxLength: 5 }))
	.map(([hasSystem, turns]) => [...(hasSystem ? [text("system", "s")] : []), ...turns.flat()]);

test("a trimmed conversation keeps its order, its instructions and its last question, and separates no call from its result", () => {
	fc.assert(
		fc.property(conversation, fc.integer({ min: 0, max: 200 }), (messages, maxTokens) => {
			const { messages: kept, dropped, tokens } = trim(messages, { maxTokens });
			assert.equal(
				messages.filter((message) => kept.includes(message)),
				kept,
			);
			assert.is(kept.length + dropped.length, messages.length);
			assert.ok(dropped.every(({ role }) => role !== "system"));
			const question = messages.findLast(({ role }) => role === "user");
			if (question !== undefined) assert.ok(kept.includes(question));
			kept.forEach((message, index) => {
				for (const [at, { id }] of (message.toolCalls ?? []).entries()) assert.is(kept[index + 1 + at]?.toolCallId, id);
				if (message.role === "tool")
					assert.ok(kept.slice(0, index).some(({ toolCalls }) => toolCalls?.some(({ id }) => id === message.toolCallId)));
			});
			const least = kept.every((message) => message.role === "system" || message === question);
			assert.ok(tokens <= maxTokens || least, `${tokens} of ${maxTokens}`);
		}),
	);
});

test("a conversation within its budget stays whole", () => {
	fc.assert(
		fc.property(conversation, (messages) => {
			const { messages: kept, dropped } = trim(messages, { maxTokens: 100_000 });
			assert.equal([kept, dropped], [messages, []]);
		}),
	);
});

test.run();
