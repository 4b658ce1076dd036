import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CallOptions } from "../../generated/ir/types.ts";
import { callOfEnvelope } from "../../src/normalize/call-of-envelope.ts";
import { type NormalizeContext, normalize } from "../../src/normalize/normalize.ts";
import { memoryMedia } from "../helpers/memory-media.ts";

const HOST: NormalizeContext = {
	newRequestId: () => "request-1",
	wallClock: () => 1_700_000_000_000,
	maxTimeoutMs: () => 60_000,
	seal: { seal: (part) => part, open: (part) => part },
};

/** As a worker normalizes: without the host's ids, time and limits. */
const WORKER: NormalizeContext = { ...HOST, newRequestId: () => "in-worker", wallClock: () => 0, maxTimeoutMs: () => undefined };

const text = fc.string({ minLength: 1, maxLength: 8 });
const options: fc.Arbitrary<CallOptions | undefined> = fc.option(
	fc.record(
		{
			timeout_ms: fc.integer({ min: 1, max: 3_600_000 }),
			task_id: text,
			policy: fc.constantFrom("round_robin" as const, "priority" as const),
			degradation: fc.constantFrom("strict" as const, "lenient" as const),
			routing: fc.record({ allowlist: fc.array(text), denylist: fc.array(text), preferred: fc.array(text) }),
			requirements: fc.record({
				required_ops: fc.constantFrom([], ["chat_completions"]),
				required_features: fc.subarray(["supports_tools", "supports_vision", "supports_seed"]),
				required_transports: fc.subarray(["unary" as const, "server_stream" as const]),
			}),
			provider_options: fc.dictionary(fc.constantFrom("a", "b"), fc.integer(), { noNullPrototype: true }),
		},
		{ requiredKeys: [] },
	),
	{ nil: undefined },
);

const contents = fc.array(fc.oneof(fc.constant(""), fc.string()), { minLength: 1, maxLength: 4 });
const messages = fc
	.array(
		fc.oneof(
			contents.map((parts) => ({
				role: "user" as const,
				content: parts.map((part) => ({ type: "text" as const, text: part })),
				tool_calls: [],
			})),
			contents.map((parts) => ({
				role: "assistant" as const,
				content: parts.map((part) => ({ type: "text" as const, text: part })),
				tool_calls: [],
			})),
		),
		{ minLength: 1, maxLength: 5 },
	)
	.filter((all) => all.some(({ role }) => role === "user"));

test("an envelope that was made without the host's limits becomes the envelope that the host makes of the call itself", async () => {
	await fc.assert(
		fc.asyncProperty(messages, options, async (all, given) => {
			const tools = [{ name: "t", description: "d", parameters: { type: "object" } }];
			const call = {
				operation: "chat_completions" as const,
				payload: { messages: all, tools },
				options: given,
				transport: "unary" as const,
			};
			const direct = await normalize(call, HOST, memoryMedia());
			const made = structuredClone(await normalize(call, WORKER, memoryMedia()));
			const again = await normalize({ ...callOfEnvelope(made), transport: "unary" }, HOST, memoryMedia());
			assert.equal(again, structuredClone(direct));
		}),
		{ numRuns: 300 },
	);
});

test.run();
