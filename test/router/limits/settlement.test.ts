/** Settlement of tokens and money by what an upstream reported or delivered, however a request ends. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { guestIdentity } from "../../../src/identity/guest-identity.ts";
import { MemoryLimitStore } from "../../../src/router/limits/memory-limit-store.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { rejects, untilAborted, watched } from "../calls.ts";

const GUEST = guestIdentity("agent");
const LIMIT = 100_000;
/** The estimate of the request: 400 tokens of input, 100 of output. */
const SIZE = { input_tokens: 400, output_tokens: 100 };
const USAGE: types.Usage = { input_tokens: 410, output_tokens: 30, total_tokens: 440 };

type Script = readonly (cchat.Event | SpearError | "silence")[];

const text = (chars: number): cchat.Event => ({ type: "text", text: "a".repeat(chars) });
const usage = (reported: types.Usage): cchat.Event => ({ type: "usage", usage: reported });
const completed = (reported?: types.Usage): cchat.Event => ({
	type: "completed",
	completed: chatResponse("", reported === undefined ? {} : { usage: reported }),
});
const broken = (more: ConstructorParameters<typeof SpearError>[2] = {}) => new SpearError("backend_error", "broke", more);

/** A router whose only instance plays a script, and the tokens that were charged to its guest. */
function playing(script: Script) {
	const clock = new FakeClock();
	const store = new MemoryLimitStore(clock);
	const instance = fakeInstance("a", {
		unary: async (context) => {
			for (const step of script) {
				if (step instanceof SpearError) throw step;
				if (step === "silence") await untilAborted(context);
				else if (step.type === "completed") return step.completed;
			}
			throw broken();
		},
		async *stream(context) {
			for (const step of script) {
				if (step instanceof SpearError) throw step;
				if (step === "silence") await untilAborted(context);
				else yield step;
			}
		},
	});
	const guests = { agent: { tokensPerMinute: LIMIT, routes: new Map() } };
	const router = routerOf([instance], { clock, store, guests, settings: { maxAttempts: 1 } });
	const charged = (): number => LIMIT - (store.level(`guest:${GUEST.id}:tokens`) ?? LIMIT);
	return { router, charged };
}

/** Reads a stream until its end, or leaves it after `count` events. Returns the charged tokens. */
async function streamed(script: Script, count = Number.POSITIVE_INFINITY): Promise<number> {
	const { router, charged } = playing(script);
	let read = 0;
	try {
		for await (const _ of router.stream(chatEnvelope({ size: SIZE }), watched({ guest: GUEST }))) {
			read += 1;
			if (read === count) break;
		}
	} catch (thrown) {
		if (!(thrown instanceof SpearError)) throw thrown;
	}
	return charged();
}

test("a complete stream is charged by its usage", async () => {
	assert.is(await streamed([text(8), usage(USAGE), completed(USAGE)]), 440);
});

test("a stream that its guest leaves before the usage is charged by its input and the delivered text", async () => {
	assert.is(await streamed([text(40), text(40), usage(USAGE), completed(USAGE)], 2), 420);
});

test("a stream that its guest leaves after more text than was estimated is charged for that text", async () => {
	assert.is(await streamed([text(40_000), completed(USAGE)], 1), 10_400);
});

test("a stream that is cut after its usage is charged by the usage and the text after it", async () => {
	assert.is(await streamed([text(40), usage(USAGE), text(40), broken({ processed: "unknown" })]), 450);
});

test("a stream without any usage is charged by the delivered text", async () => {
	assert.is(await streamed([text(4_000), completed()]), 1_400);
});

test("reasoning and arguments of tool calls count as delivered text", async () => {
	const reasoning: cchat.Event = { type: "reasoning", reasoning: "a".repeat(40) };
	const call: cchat.Event = { type: "tool_call", tool_call: { index: 0, id: "c1", name: "add", arguments: "b".repeat(80) } };
	assert.is(await streamed([reasoning, call, broken()]), 430);
});

test("an answer without usage is charged by its text", async () => {
	const { router, charged } = playing([{ type: "completed", completed: chatResponse("a".repeat(4_000)) }]);
	await router.unary(chatEnvelope({ size: SIZE }), watched({ guest: GUEST }));
	assert.is(charged(), 1_400);
});

test("a malformed answer is charged by the usage that it reports", async () => {
	const { router, charged } = playing([broken({ usage: USAGE })]);
	const context = watched({ guest: GUEST });
	await rejects(router.unary(chatEnvelope({ size: SIZE }), context));
	assert.is(charged(), 440);
	assert.equal(context.decisions[0]?.usage, USAGE);
});

test("a failure without usage and without output is charged nothing", async () => {
	const { router, charged } = playing([broken()]);
	await rejects(router.unary(chatEnvelope({ size: SIZE }), watched({ guest: GUEST })));
	assert.is(charged(), 0);
});

test("a request that its guest aborts while the upstream works is charged its estimate", async () => {
	const { router, charged } = playing(["silence"]);
	const abort = new AbortController();
	const call = rejects(router.unary(chatEnvelope({ size: SIZE }), watched({ guest: GUEST, signal: abort.signal })));
	await new Promise((resolve) => setImmediate(resolve));
	abort.abort();
	await call;
	assert.is(charged(), 500);
});

test.run();
