import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { CallOptions } from "../../generated/ir/types.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { normalize } from "../../src/normalize/normalize.ts";
import { PartSeal } from "../../src/normalize/part-seal.ts";
import type { MediaAdmission } from "../../src/normalize/request-media.ts";
import { chatRequest, message } from "../helpers/chat.ts";
import { turnsOf } from "../helpers/turn-count.ts";

const SEAL = new PartSeal(undefined);
const CONTEXT = { newRequestId: () => "r1", wallClock: () => 1_000, maxTimeoutMs: () => 60_000, seal: SEAL };
const CALL: cchat.ToolCall = { id: "c1", name: "add", arguments: "{}" };
const CALLS_TOOL: cchat.Message = { role: "assistant", content: [], tool_calls: [CALL] };
const RESULT: cchat.Message = { ...message("tool", "3"), tool_call_id: "c1" };
const TOOL: cchat.Tool = { name: "add", parameters: { type: "object" } };

/** Admits every reference unchanged. */
const MEDIA: MediaAdmission = { admit: async (reference) => reference, seconds: async () => undefined };

async function envelopeOf(payload: cchat.Request, options?: CallOptions, media = MEDIA): Promise<RequestEnvelope<"chat_completions">> {
	return normalize({ operation: "chat_completions", payload, options, transport: "unary" }, CONTEXT, media);
}

async function fault(payload: cchat.Request, options?: CallOptions): Promise<string> {
	try {
		await envelopeOf(payload, options);
	} catch (thrown) {
		if (thrown instanceof SpearError && thrown.code === "invalid_request") return thrown.message;
		throw thrown;
	}
	throw new Error("was accepted");
}

test("a plain request becomes an envelope with every default", async () => {
	assert.equal(await envelopeOf(chatRequest()), {
		version: 1,
		request_id: "r1",
		operation: "chat_completions",
		meta: { created_at_ms: 1_000 },
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: ["unary"] },
		size: { input_tokens: 6 },
		timeout_ms: 60_000,
		payload: chatRequest(),
		provider_options: {},
	});
});

test("schemas beyond the bound are refused with the tool's name, and others become objects of the request's own", async () => {
	const large: cchat.Tool = { name: "large", parameters: { type: "object", enum: Array.from({ length: 20_000 }, () => 1) } };
	assert.match(
		await fault(chatRequest({ tools: [TOOL, large] })),
		/^tools\[1\]\.parameters \(tool "large"\): .* at most 20000 values together/,
	);
	const [own] = (await envelopeOf(chatRequest({ tools: [TOOL] }))).payload.tools;
	assert.equal(own, TOOL);
	assert.is.not(own?.parameters, TOOL.parameters);
});

test("a request requires the features that its payload uses", async () => {
	const png = { type: "inline" as const, inline: { data: new Uint8Array([1]), mime_type: "image/png" } };
	const payload = chatRequest({
		messages: [{ role: "user", content: [{ type: "image", image: { source: png } }], tool_calls: [] }],
		tools: [{ ...TOOL, strict: true }],
		response_format: { type: "json_object" },
		params: { stop: [], seed: 1, parallel_tool_calls: false },
	});
	assert.equal((await envelopeOf(payload)).requirements.required_features, [
		"supports_json_mode",
		"supports_seed",
		"supports_strict_tools",
		"supports_tools",
		"supports_vision",
	]);
});

test("declared requirements are added to those that follow from the payload", async () => {
	const requirements = { required_ops: ["embeddings"], required_features: ["supports_vision"], required_transports: [] };
	const envelope = await envelopeOf(chatRequest({ tools: [TOOL] }), { requirements });
	assert.equal(envelope.requirements, {
		required_ops: ["embeddings"],
		required_features: ["supports_tools", "supports_vision"],
		required_transports: ["unary"],
	});
});

test("the envelope contains the policy of the caller when it is a known one", async () => {
	assert.is((await envelopeOf(chatRequest(), { policy: "least_inflight" })).policy, "least_inflight");
	assert.match(await fault(chatRequest(), JSON.parse('{ "policy": "dice" }')), /^options\.policy: must be one of round_robin, /);
});

test("a call can shorten the host's deadline but not extend it", async () => {
	assert.is((await envelopeOf(chatRequest(), { timeout_ms: 10 })).timeout_ms, 10);
	assert.is((await envelopeOf(chatRequest(), { timeout_ms: 600_000 })).timeout_ms, 60_000);
});

test("a request is refused when it requires an unknown feature or operation, or when its options are invalid", async () => {
	const requirements = { required_ops: [], required_features: ["supports_flying"], required_transports: [] };
	assert.match(await fault(chatRequest(), { requirements }), "options.requirements.required_features: unknown feature 'supports_flying'");
	assert.match(
		await fault(chatRequest(), { requirements: { ...requirements, required_features: [], required_ops: ["fly"] } }),
		"options.requirements.required_ops: unknown operation 'fly'",
	);
	assert.match(await fault(chatRequest(), { timeout_ms: 0 }), /^options\.timeout_ms: must be >= 1/);
});

test("a value out of range is refused with its member", async () => {
	assert.is(await fault(chatRequest({ params: { stop: [], temperature: 2.5 } })), "params.temperature: must be <= 2");
	const stop = Array.from({ length: 257 }, (_, index) => `${index}`);
	assert.is(await fault(chatRequest({ params: { stop } })), "params.stop: must NOT have more than 256 items");
});

test("a seed is any whole number that a double holds exactly", async () => {
	const seeded = (seed: number): cchat.Request => chatRequest({ params: { stop: [], seed } });
	for (const seed of [-1, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])
		assert.is((await envelopeOf(seeded(seed))).payload.params?.seed, seed);
	assert.is(await fault(seeded(0.5)), "params.seed: must be integer");
	assert.is(await fault(seeded(2 ** 53)), "params.seed: must be <= 9007199254740991");
	assert.match(await fault(seeded(Number.NaN)), /^params\.seed: must be/);
});

test("every amount of reasoning of the upstreams has its name", async () => {
	for (const reasoning_effort of ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const)
		assert.is(
			(await envelopeOf(chatRequest({ params: { stop: [], reasoning_effort } }))).payload.params?.reasoning_effort,
			reasoning_effort,
		);
});

test("a conversation is refused without messages, and a message without content", async () => {
	assert.is(await fault(chatRequest({ messages: [] })), "messages: must contain at least one message");
	assert.is(
		await fault(chatRequest({ messages: [{ role: "user", content: [], tool_calls: [] }] })),
		"messages[0].content: must contain at least one part",
	);
	assert.is(
		await fault(chatRequest({ messages: [{ role: "assistant", content: [], tool_calls: [] }] })),
		"messages: must contain at least one message that is not an empty answer",
	);
});

test("an assistant message that says nothing is omitted from the request", async () => {
	const user = message("user", "x");
	const silent: cchat.Message = { role: "assistant", content: [], tool_calls: [] };
	const { payload } = await envelopeOf(chatRequest({ messages: [user, silent, user, message("assistant", ""), CALLS_TOOL, RESULT, user] }));
	assert.equal(payload.messages, [user, user, CALLS_TOOL, RESULT, user]);
});

test("a message is refused when it contains a part or a member of another role", async () => {
	assert.is(
		await fault(chatRequest({ messages: [{ role: "user", content: [{ type: "refusal", refusal: "no" }], tool_calls: [] }] })),
		"messages[0].content[0]: a user message cannot contain a part of type refusal",
	);
	assert.is(
		await fault(chatRequest({ messages: [{ ...message("user", "x"), tool_calls: [CALL] }] })),
		"messages[0].tool_calls: only an assistant message has tool calls, not a user message",
	);
	assert.is(
		await fault(chatRequest({ messages: [{ ...message("user", "x"), is_error: true }] })),
		"messages[0].is_error: is allowed in a tool message only",
	);
});

test("a conversation is refused unless each tool call is answered once, directly after it", async () => {
	const user = message("user", "x");
	const result: cchat.Message = { ...message("tool", "3"), tool_call_id: "c1" };
	await envelopeOf(chatRequest({ messages: [user, CALLS_TOOL, result] }));
	assert.is(
		await fault(chatRequest({ messages: [user, CALLS_TOOL] })),
		"messages: tool call 'c1' must be answered before the conversation is sent",
	);
	assert.is(
		await fault(chatRequest({ messages: [user, CALLS_TOOL, user] })),
		"messages[2]: tool call 'c1' must be answered before the conversation continues",
	);
	assert.is(
		await fault(chatRequest({ messages: [user, CALLS_TOOL, result, result] })),
		"messages[3].tool_call_id: 'c1' is not an open tool call of the assistant message before it",
	);
	assert.is(await fault(chatRequest({ messages: [message("tool", "3")] })), "messages[0].tool_call_id: is required in a tool message");
});

test("an assistant message is refused when two of its calls have one id", async () => {
	const result: cchat.Message = { ...message("tool", "3"), tool_call_id: "c1" };
	assert.is(
		await fault(chatRequest({ messages: [{ ...CALLS_TOOL, tool_calls: [CALL, CALL] }, result] })),
		"messages[0].tool_calls: two calls have the same id",
	);
});

test("tools are refused when two have one name or the tool choice names none of them", async () => {
	assert.is(await fault(chatRequest({ tools: [TOOL, TOOL] })), "tools[1].name: 'add' is already the name of another tool");
	assert.is(
		await fault(chatRequest({ tools: [TOOL], tool_choice: { type: "named", named: "sub" } })),
		"tool_choice.named: no tool is named 'sub'",
	);
	assert.is(await fault(chatRequest({ tool_choice: { type: "required" } })), "tool_choice: there are no tools to choose from");
});

test("a request carries the admitted reference of each of its media", async () => {
	const source = { type: "inline" as const, inline: { data: new Uint8Array([1]), mime_type: "image/png" } };
	const payload = chatRequest({
		messages: [{ role: "user", content: [{ type: "image", image: { source, detail: "low" } }], tool_calls: [] }],
	});
	const paths: string[] = [];
	const media: MediaAdmission = {
		async admit(_, path) {
			paths.push(path);
			return { type: "stored", stored: "sms+file://1" };
		},
		seconds: async () => undefined,
	};
	const { payload: carried } = await envelopeOf(payload, undefined, media);
	assert.equal(paths, ["messages[0].content[0].image.source"]);
	assert.equal(carried.messages[0]?.content, [
		{ type: "image", image: { source: { type: "stored", stored: "sms+file://1" }, detail: "low" } },
	]);
});

test("a conversation of thousands of messages is normalized over several turns of the event loop", async () => {
	const messages = Array.from({ length: 2560 }, () => [CALLS_TOOL, RESULT]).flat();
	// A turn before each slice of 512 messages but the first.
	assert.ok((await turnsOf(() => envelopeOf(chatRequest({ messages })))) >= 9);
});

test("thousands of opaque parts are opened over several turns of the event loop", async () => {
	const part = SEAL.seal({ provider: "p", kind: "content.t", data: new Uint8Array([49]) });
	const content = Array.from({ length: 5120 }, (): cchat.ContentPart => ({ type: "opaque", opaque: part }));
	const payload = chatRequest({ messages: [{ role: "assistant", content, tool_calls: [] }] });
	assert.ok((await turnsOf(() => envelopeOf(payload))) >= 9);
	assert.equal((await envelopeOf(payload)).payload.messages[0]?.content[5119], {
		type: "opaque",
		opaque: { provider: "p", kind: "content.t", data: new Uint8Array([49]) },
	});
});

test.run();
