/** Settlement of sessions: by the usage of their complete responses, and by the output that the upstream delivered after those. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type * as rt from "../../../generated/ir/rt.ts";
import type * as types from "../../../generated/ir/types.ts";
import { cancelledError } from "../../../src/errors/spear-error.ts";
import { guestIdentity } from "../../../src/identity/guest-identity.ts";
import { MemoryLimitStore } from "../../../src/router/limits/memory-limit-store.ts";
import { chatEnvelope } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { ScriptedChannel } from "../../helpers/scripted-channel.ts";
import { serving, watched } from "../calls.ts";

const GUEST = guestIdentity("agent");
const LIMIT = 100_000;
const USAGE: types.Usage = { input_tokens: 10, output_tokens: 20 };

const REQUEST: RequestEnvelope<"realtime_voice"> = {
	...chatEnvelope(),
	operation: "realtime_voice",
	requirements: { required_ops: [], required_features: [], required_transports: ["bidi_stream"] },
	size: {},
	payload: { mode: "conversation", tools: [], model: "m" },
};

const text = (chars: number): rt.Event => ({ type: "text", text: { item_id: "item", text: "a".repeat(chars) } });
const audio = (bytes: number): rt.Event => ({ type: "audio", audio: { item_id: "item", audio: new Uint8Array(bytes) } });
const DONE: rt.Event = { type: "response_done", response_done: "response" };

/** Returns the tokens that a session with these events is charged when the guest leaves it, or when it ends in order. */
async function charged(events: readonly rt.Event[], reported: types.Usage | undefined, how: "leaves" | "ends"): Promise<number> {
	const clock = new FakeClock();
	const store = new MemoryLimitStore(clock);
	const base = fakeInstance("a", { operations: ["realtime_voice"], transports: ["bidi_stream"] });
	const instance = serving(base, { realtime_voice: { connect: async () => new ScriptedChannel() } });
	const guests = { agent: { tokensPerMinute: LIMIT, routes: new Map() } };
	const { end, record } = await routerOf([instance], { clock, store, guests }).connect(REQUEST, watched({ guest: GUEST }));
	for (const event of events) record(event);
	const usage = reported === undefined ? {} : { usage: reported };
	if (how === "leaves") end(cancelledError("the session's handle was dropped").with(usage));
	else end(undefined, { sent_audio_bytes: 0, received_audio_bytes: 0, dropped_input: 0, dropped_events: 0, duration_ms: 1, ...usage });
	return LIMIT - (store.level(`guest:${GUEST.id}:tokens`) ?? LIMIT);
}

test("a session whose guest leaves before the end of the response is charged by the delivered text", async () => {
	assert.is(await charged([text(400)], undefined, "leaves"), 100);
});

test("a session whose guest leaves before the end of the response is charged by the delivered audio", async () => {
	assert.is(await charged([audio(48_000), audio(48_000)], undefined, "leaves"), 40);
});

test("a session is charged by the usage of its complete responses and by the output after those", async () => {
	assert.is(await charged([text(4_000), DONE, text(400)], USAGE, "leaves"), 130);
	assert.is(await charged([text(4_000), DONE], USAGE, "leaves"), 30);
	assert.is(await charged([text(4_000), DONE], USAGE, "ends"), 30);
});

test("a session of an upstream that reports no usage is charged by all of its output", async () => {
	assert.is(await charged([text(400), DONE, text(400), DONE], undefined, "ends"), 200);
});

test("a session is not charged for transcripts of its input", async () => {
	const transcript = { item_id: "item", text: "a".repeat(400) };
	assert.is(await charged([{ type: "input_transcript", input_transcript: transcript }], undefined, "leaves"), 0);
});

test.run();
