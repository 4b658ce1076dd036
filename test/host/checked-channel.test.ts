/** A session of an adapter that breaks its contract: the guest receives one last event, and the host goes on. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as rt from "../../generated/ir/rt.ts";
import { type BackendInstance, defineBackend } from "../../src/backends/define-backend.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { createHost } from "../../src/host/create-host.ts";
import type { Host } from "../../src/host/host.ts";

const never = (): Promise<never> => new Promise(() => {});
const fail = (): never => {
	throw new Error("the adapter is broken");
};
const events = (next: () => unknown): object => ({ [Symbol.asyncIterator]: () => ({ next }) });
const ends = events(async () => ({ done: true }));
const channel = (more: object): object => ({
	send: async () => {},
	drain: async () => {},
	close: async () => {},
	report: () => ({}),
	events: ends,
	...more,
});

/** Runs with a host whose sessions have this channel. */
async function withChannel(value: unknown, run: (host: Host) => Promise<void>): Promise<void> {
	const operations: unknown = { realtime_voice: { features: [], connect: async () => value } };
	const kind = defineBackend({ name: "mine", create: () => ({ operations }) as BackendInstance });
	const backends = { a: { kind: "mine", models: ["m"] } };
	const config = { host: { log_level: "silent" as const }, router: { max_attempts: 1 }, backends };
	const host = await createHost({ kinds: [kind], env: {}, config });
	try {
		await run(host);
	} finally {
		await host.close();
	}
}

const connect = (host: Host) => host.client().connect({ mode: "conversation", tools: [], model: "m" });

/** Returns the last event of a session with this channel. */
async function lastEvent(value: unknown): Promise<rt.Event> {
	const seen: rt.Event[] = [];
	await withChannel(value, async (host) => void seen.push(...(await Array.fromAsync(await connect(host)))));
	const [last, ...more] = seen.reverse();
	assert.equal(more, []);
	if (last === undefined) throw new Error("there is no event");
	return last;
}

test("a value that is no channel is a backend error that names the backend, and is closed", async () => {
	let closed = 0;
	for (const [value, message] of [
		[undefined, "backend 'a' opened no session: the channel is no object"],
		[{}, "backend 'a' opened no session: the channel has no function 'send'"],
		[
			channel({ report: undefined, close: async () => void closed++ }),
			"backend 'a' opened no session: the channel has no function 'report'",
		],
		[channel({ drain: 5, close: fail }), "backend 'a' opened no session: the channel has no function 'drain'"],
	] as const)
		await withChannel(value, async (host) => {
			const error = await connect(host).then(fail, (thrown: unknown) => SpearError.from(thrown));
			assert.equal([error.code, error.attribution, error.message], ["backend_error", "backend", message]);
		});
	assert.is(closed, 1);
});

test("a session ends in order when its report throws or has another shape, without the report", async () => {
	for (const report of [fail, () => null, () => ({ usage: "much" }), () => ({ downgrades: 5 }), () => ({ secret: 1 })]) {
		const last = await lastEvent(channel({ report }));
		if (last.type !== "completed") throw new Error(`the session ends with ${last.type}`);
		assert.equal(Object.keys(last.completed).sort(), [
			"dropped_events",
			"dropped_input",
			"duration_ms",
			"received_audio_bytes",
			"sent_audio_bytes",
		]);
	}
});

test("a session keeps the figures of its report, and counts the rest itself", async () => {
	const last = await lastEvent(channel({ report: () => ({ usage: { input_tokens: 3 }, sent_audio_bytes: 999 }) }));
	if (last.type !== "completed") throw new Error(`the session ends with ${last.type}`);
	assert.equal([last.completed.usage, last.completed.sent_audio_bytes], [{ input_tokens: 3 }, 0]);
});

test("a last event of the adapter's own, a step that is none and events that are no list end the session with one failure", async () => {
	const completed = { sent_audio_bytes: 1, received_audio_bytes: 1, dropped_input: 0, dropped_events: 0, duration_ms: 1 };
	for (const [own, message] of [
		[
			events(async () => ({ done: false, value: { type: "completed", completed } })),
			"backend 'a' returned an event 'completed' of a session, which only the host makes",
		],
		[events(async () => null), "backend 'a' returned an invalid event of realtime_voice: value: must be object"],
		[5, "backend 'a' returned an invalid event of realtime_voice: value: must be object"],
	] as const) {
		const last = await lastEvent(channel({ events: own }));
		if (last.type !== "failed") throw new Error(`the session ends with ${last.type}`);
		assert.equal([last.failed.code, last.failed.message], ["backend_error", message]);
	}
});

test("functions of a channel that throw at once or return nothing leave the host running", async () => {
	for (const close of [fail, () => undefined])
		await withChannel(channel({ close, drain: () => undefined, events: events(never) }), async (host) => {
			const session = await connect(host);
			await session.drain();
			session.close();
		});
	await withChannel(channel({ send: fail, events: events(never) }), async (host) => {
		const session = await connect(host);
		session.send({ type: "send_text", text: "hi" });
		const last = (await Array.fromAsync(session)).at(-1);
		assert.is(last?.type === "failed" && last.failed.code, "internal");
	});
});

test.run();
