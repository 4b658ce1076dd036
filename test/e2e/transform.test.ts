/** The generic `transform` call and discovery, from a guest. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ask } from "../helpers/family-guest.ts";
import { scratch } from "../helpers/guest.ts";
import { createHost } from "../helpers/isolation.ts";
import { mediaComponent } from "../helpers/media-guest.ts";

const HELLO = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
const ANSWER = {
	model: "stub-chat",
	message: { role: "assistant", content: [{ type: "text", text: "stub: you said hi" }], tool_calls: [] },
	finish_reason: "stop",
	usage: { input_tokens: 1, output_tokens: 4, total_tokens: 5 },
};

test("a guest calls operations with JSON, whole and streamed, and discovers what it may use", async () => {
	const host = await createHost({ config: { host: { cache_dir: scratch() } } });
	const instance = await (await host.load(await mediaComponent())).instantiate();
	const outcomes = await ask(
		instance,
		{ do: "call", operation: "chat_completions", payload: HELLO, options: { timeoutMs: 5000 } },
		{ do: "callStream", operation: "chat_completions", payload: HELLO },
		{ do: "call", operation: "chat_completions", payload: { messages: 1 } },
		{ do: "malformed" },
		{ do: "discover" },
	);
	await host.close();
	const [called, streamed, wrong, malformed, discovered] = outcomes;
	assert.equal(called, { ok: ANSWER });
	const events: { tag: string; val: string }[] = Object(streamed).ok;
	assert.equal(
		events.map(({ tag, val }) => [tag, JSON.parse(val)]),
		[
			...["stub:", " you", " said", " hi"].map((text) => ["item", { type: "text", text }]),
			["item", { type: "usage", usage: ANSWER.usage }],
			["completed", ANSWER],
		],
	);
	assert.equal(
		[wrong, malformed].map((outcome) => [Object(outcome?.err).code, Object(outcome?.err).message]),
		[
			["invalid-request", "/messages: must be array"],
			["invalid-request", Object(malformed?.err).message],
		],
	);
	assert.match(Object(malformed?.err).message, /^payload: malformed JSON: /);
	const { operations, models, features } = Object(discovered).ok;
	assert.ok(operations.some(({ name, available }: { name: string; available: boolean }) => name === "chat_completions" && available));
	assert.ok(models.some(({ isDefault }: { isDefault: boolean }) => isDefault));
	assert.ok(features.includes("supports_vision"));
});

test.run();
