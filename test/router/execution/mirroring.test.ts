/** Copies of requests to a further instance. */
import process from "node:process";
import { Readable } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { MirrorRecord } from "../../../src/router/execution/mirroring.ts";
import type { LimitStore } from "../../../src/router/limits/limit-store.ts";
import { DEFAULT_ROUTER, type MirrorSettings } from "../../../src/router/settings.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routerOf, type TestRouterOptions } from "../../helpers/router.ts";
import { collect, routing, TEXT, takes, untilAborted, watched } from "../calls.ts";

const STREAMED = { required_ops: [], required_features: [], required_transports: ["server_stream" as const] };

/** A router that serves by `a` and mirrors to `shadow`, which gets no other requests. Outcomes of copies are in `records`. */
function mirroring(shadow: FakeInstanceOptions = {}, mirror: Partial<MirrorSettings> = {}, more: TestRouterOptions = {}) {
	const clock = new FakeClock();
	const records: MirrorRecord[] = [];
	const instance = fakeInstance("shadow", shadow);
	const router = routerOf([fakeInstance("a"), instance], {
		clock,
		onMirror: (record) => records.push(record),
		...more,
		chat: { deny: ["shadow"], mirror: { backend: "shadow", ratio: 1, concurrency: 4, requestsPerMinute: 1_000, ...mirror } },
	});
	const ask = (request = chatEnvelope()) => router.unary(request, watched());
	return { clock, records, instance, router, ask };
}

test("a mirror gets a copy of the request, and its outcome is recorded", async () => {
	const usage = { input_tokens: 1_000_000, output_tokens: 0 };
	const shadow = { price: { input: 3 }, unary: async () => chatResponse("shadow", { usage }) };
	const { clock, records, ask } = mirroring(shadow);
	assert.is((await ask()).backend.instance, "a");
	await clock.advance(0);
	assert.equal(records, [
		{ requestId: "r1", operation: "chat_completions", backend: "shadow", key: "key 1", latencyMs: 0, usage, cost: 3 },
	]);
});

test("a decision reports that a copy was sent", async () => {
	const { router } = mirroring();
	const context = watched();
	await router.unary(chatEnvelope(), context);
	assert.equal(context.decisions[0]?.explanation.events, [{ at_ms: 0, type: "mirrored", backend: "shadow" }]);
	assert.equal(context.decisions[0]?.attempts.length, 1);
});

test("a copy of a stream is read to its end", async () => {
	let read = 0;
	const usage = { input_tokens: 3, output_tokens: 2 };
	const { clock, records, router } = mirroring({
		async *stream() {
			for (read = 0; read < 3; read++) yield TEXT;
			yield { type: "completed", completed: chatResponse("shadow", { usage }) };
		},
	});
	await collect(router.stream(chatEnvelope({ requirements: STREAMED }), watched()));
	await clock.advance(0);
	assert.equal({ read, usage: records[0]?.usage, failure: records[0]?.failure }, { read: 3, usage: usage, failure: undefined });
});

const oops = (): never => {
	throw new TypeError("oops");
};

const MIRRORS: readonly { readonly what: string; readonly shadow: FakeInstanceOptions }[] = [
	{ what: "never answers", shadow: { unary: () => new Promise(() => {}) } },
	{ what: "fails", shadow: { unary: () => Promise.reject(new SpearError("backend_error", "down")) } },
	{ what: "throws synchronously", shadow: { unary: oops } },
	{ what: "has no key", shadow: { hasKey: false } },
];

for (const { what, shadow } of MIRRORS) {
	test(`a request is neither delayed nor failed by a mirror that ${what}`, async () => {
		const { clock, ask } = mirroring(shadow);
		const { backend } = await ask();
		assert.equal(
			{ instance: backend.instance, latency_ms: backend.latency_ms, attempts: backend.attempts.length, now: clock.now() },
			{ instance: "a", latency_ms: 0, attempts: 1, now: 0 },
		);
		await clock.advance(1_000);
	});
}

test("a failed copy is recorded and counts against the mirror only", async () => {
	const { clock, records, instance, router, ask } = mirroring({ unary: () => Promise.reject(new SpearError("backend_error", "down")) });
	await ask();
	await clock.advance(0);
	assert.equal(
		{ message: records[0]?.failure?.message, failures: instance.stats.health("chat_completions").breaker.failures },
		{ message: "down", failures: 1 },
	);
	assert.is(router.instances[0]?.stats.health("chat_completions").breaker.failures, 0);
});

test("a copy continues after the request and ends at the request's deadline", async () => {
	const { clock, records, instance, ask } = mirroring({ unary: untilAborted });
	await ask(chatEnvelope({ timeout_ms: 500 }));
	await clock.advance(499);
	assert.equal({ records, inFlight: instance.stats.inFlight }, { records: [], inFlight: 1 });
	await clock.advance(1);
	assert.equal(
		{ code: records[0]?.failure?.code, inFlight: instance.stats.inFlight, timers: clock.pending },
		{ code: "timeout", inFlight: 0, timers: 0 },
	);
});

test("a copy ends at the deadline when the mirror ignores its signal", async () => {
	const { clock, records, instance, ask } = mirroring({ unary: () => new Promise(() => {}) });
	await ask(chatEnvelope({ timeout_ms: 500 }));
	await clock.advance(500);
	assert.equal({ code: records[0]?.failure?.code, inFlight: instance.stats.inFlight }, { code: "timeout", inFlight: 0 });
});

test("copies are left out when the maximum of copies is in flight", async () => {
	const waiting: (() => void)[] = [];
	const unary = () => new Promise<cchat.Response>((resolve) => waiting.push(() => resolve(chatResponse("shadow"))));
	const { clock, records, instance, ask } = mirroring({ unary }, { concurrency: 2 });
	const drive = async (count: number): Promise<number> => {
		for (let i = 0; i < count; i++) {
			await ask();
			await clock.advance(0);
		}
		return instance.stats.inFlight;
	};
	assert.is(await drive(5), 2);
	for (const answer of waiting.splice(0)) answer();
	await settled();
	assert.equal({ records: records.length, inFlight: instance.stats.inFlight }, { records: 2, inFlight: 0 });
	assert.is(await drive(1), 1);
});

test("concurrent requests make at most the maximum of copies", async () => {
	const { clock, instance, ask } = mirroring({ unary: () => new Promise(() => {}) }, { concurrency: 2 });
	const calls = Array.from({ length: 10 }, () => ask());
	await clock.advance(0);
	await Promise.all(calls);
	assert.is(instance.stats.inFlight, 2);
});

test("copies are left out when their requests per minute are used up", async () => {
	const { clock, records, ask } = mirroring({}, { requestsPerMinute: 3 });
	const drive = async (count: number): Promise<number> => {
		for (let i = 0; i < count; i++) {
			await ask();
			await clock.advance(0);
		}
		return records.length;
	};
	assert.is(await drive(10), 3);
	clock.pass(20_000);
	assert.is(await drive(10), 4);
});

test("copies are left out when their budget of the day is spent", async () => {
	const usage = { input_tokens: 1_000_000, output_tokens: 0 };
	const { clock, records, ask } = mirroring(
		{ price: { input: 3 }, unary: async () => chatResponse("shadow", { usage }) },
		{ budgetPerDay: 10 },
	);
	for (let i = 0; i < 10; i++) {
		await ask(chatEnvelope({ size: { input_tokens: 1_000_000, output_tokens: 0 } }));
		await clock.advance(0);
	}
	assert.is(records.length, 3);
});

test("the configured part of the requests is copied", async () => {
	const counts: number[] = [];
	for (const ratio of [0, 0.25, 1]) {
		const { clock, records, ask } = mirroring({}, { ratio });
		for (let i = 0; i < 400; i++) {
			await ask();
			await clock.advance(0);
		}
		counts.push(records.length);
	}
	const [none, quarter = 0, all] = counts;
	assert.equal({ none, all }, { none: 0, all: 400 });
	assert.ok(Math.abs(quarter - 100) < 30, `${quarter} of 400`);
});

test("a request is not copied when its lists exclude the mirror", async () => {
	const { clock, records, ask } = mirroring();
	await ask(chatEnvelope({ routing: routing({ denylist: ["shadow"] }) }));
	await ask(chatEnvelope({ routing: routing({ backend: "a" }) }));
	await clock.advance(0);
	assert.equal(records, []);
});

test("a request is not copied when the mirror is missing, open or full", async () => {
	const missing = mirroring({}, { backend: "unknown" });
	const open = mirroring();
	for (let i = 0; i < 5; i++) open.instance.stats.health("chat_completions").breaker.fail(false, 0);
	const full = mirroring({ concurrency: 0 });
	for (const { clock, records, ask } of [missing, open, full]) {
		await ask();
		await clock.advance(0);
		assert.equal(records, []);
	}
});

test("media that a copy stores are read and discarded", async () => {
	const { clock, records, router } = mirroring({
		unary: async ({ media, signal }) => {
			const { size, mimeType } = await media.store(Readable.from([new Uint8Array(3), new Uint8Array(4)]), "image/png", signal);
			return chatResponse("shadow", { usage: { total_tokens: mimeType === "image/png" ? size : 0 } });
		},
	});
	await router.unary(chatEnvelope(), watched());
	await clock.advance(0);
	await settled();
	assert.equal({ failure: records[0]?.failure, total_tokens: records[0]?.usage?.total_tokens }, { failure: undefined, total_tokens: 7 });
});

test("a successful copy closes the mirror's breaker", async () => {
	const clock = new FakeClock();
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	const mirror: MirrorSettings = { backend: "b", ratio: 1, concurrency: 4, requestsPerMinute: 1_000 };
	const router = routerOf([a, b], { clock, chat: { mirror } });
	for (let i = 0; i < 5; i++) b.stats.health("chat_completions").breaker.fail(false, 0);
	await router.unary(chatEnvelope(), watched());
	clock.pass(6_000);
	await router.unary(chatEnvelope({ routing: routing({ preferred: ["a"] }) }), watched());
	await clock.advance(0);
	assert.is(b.stats.health("chat_completions").breaker.state(clock.now()), "closed");
	clock.pass(20_000);
	const names: string[] = [];
	for (let i = 0; i < 40; i++) names.push((await router.unary(chatEnvelope(), watched())).backend.instance);
	assert.is(names.filter((name) => name === "b").length, 20);
});

test("a copy is not sent when the router is closed before its turn", async () => {
	let sent = 0;
	const unary = async (): Promise<cchat.Response> => {
		sent += 1;
		return chatResponse("shadow");
	};
	const { clock, records, router, ask } = mirroring({ unary });
	const answer = ask();
	router.close();
	await answer;
	await clock.advance(0);
	assert.equal({ sent, records }, { sent: 0, records: [] });
});

test("a copy returns its charges when the router is closed while the store answers", async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const settlements: (readonly (number | undefined)[])[] = [];
	const store: LimitStore = {
		async reserve() {
			await promise;
			return { granted: true, settle: (actual) => void settlements.push(actual) };
		},
	};
	const { clock, instance, router, ask } = mirroring({ price: { input: 3 } }, { budgetPerDay: 10 }, { store });
	await ask();
	await clock.advance(0);
	router.close();
	resolve();
	await settled();
	assert.equal({ settled: settlements, inFlight: instance.stats.inFlight }, { settled: [[undefined, 0]], inFlight: 0 });
});

test("a pending request is served by the mirror's instance when a copy ends there", async () => {
	const clock = new FakeClock();
	const shadow = fakeInstance("shadow", { concurrency: 1, unary: takes(clock, 100, () => chatResponse("shadow")) });
	const mirror: MirrorSettings = { backend: "shadow", ratio: 1, concurrency: 4, requestsPerMinute: 1_000 };
	const router = routerOf([fakeInstance("a"), shadow], { clock, chat: { mirror } });
	await router.unary(chatEnvelope(), watched());
	await clock.advance(0);
	const call = router.unary(chatEnvelope({ routing: routing({ backend: "shadow" }) }), watched());
	await clock.advance(200);
	assert.is((await call).backend.latency_ms, 200);
});

test("a reload completes when the copies of the earlier configuration have ended", async () => {
	const { clock, router, ask } = mirroring({ unary: untilAborted });
	await ask(chatEnvelope({ timeout_ms: 500 }));
	await clock.advance(0);
	let complete = false;
	const config = { instances: [fakeInstance("b")], routes: new Map(), guests: new Map(), settings: DEFAULT_ROUTER };
	void router.configure(config).then(() => {
		complete = true;
	});
	await clock.advance(499);
	assert.is(complete, false);
	await clock.advance(1);
	await settled();
	assert.is(complete, true);
});

/** Unhandled rejections while a request is mirrored. Each would end the host. */
async function unhandled({ clock, ask }: ReturnType<typeof mirroring>): Promise<unknown[]> {
	const reasons: unknown[] = [];
	const note = (reason: unknown): void => void reasons.push(reason);
	process.on("unhandledRejection", note);
	try {
		await ask();
		await clock.advance(0);
		await settled();
	} finally {
		process.off("unhandledRejection", note);
	}
	return reasons;
}

test("a throwing observer of copies causes no unhandled rejection", async () => {
	const onMirror = (): never => {
		throw new Error("observer");
	};
	assert.equal(await unhandled(mirroring({}, {}, { onMirror })), []);
});

test("a throwing store of a copy causes no unhandled rejection", async () => {
	const reserve = (): never => {
		throw new Error("store");
	};
	assert.equal(await unhandled(mirroring({}, {}, { store: { reserve } })), []);
});

test.run();
