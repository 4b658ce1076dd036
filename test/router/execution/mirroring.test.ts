/** Copies of requests to a further backend, of which the requests themselves notice nothing. */
import process from "node:process";
import { Readable } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { MirrorRecord } from "../../../src/router/execution/mirroring.ts";
import type { MirrorSettings } from "../../../src/router/settings.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routerOf, type TestRouterOptions } from "../../helpers/router.ts";
import { collect, routing, TEXT, untilAborted, watched } from "../calls.ts";

const STREAMED = { required_ops: [], required_features: [], required_transports: ["server_stream" as const] };

/** A router that serves with `a` and mirrors to `shadow`, which no request reaches otherwise; what was mirrored is in `records`. */
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

test("a copy goes to the mirror, and what became of it is recorded", async () => {
	const usage = { input_tokens: 1_000_000, output_tokens: 0 };
	const shadow = { price: { input: 3 }, unary: async () => chatResponse("shadow", { usage }) };
	const { clock, records, ask } = mirroring(shadow);
	assert.is((await ask()).backend.instance, "a");
	await clock.advance(0);
	assert.equal(records, [{ requestId: "r1", operation: "chat_completions", backend: "shadow", latencyMs: 0, usage, cost: 3 }]);
});

test("the decision says that there is a copy", async () => {
	const { router } = mirroring();
	const context = watched();
	await router.unary(chatEnvelope(), context);
	assert.equal(context.decisions[0]?.explanation.events, [{ at_ms: 0, type: "mirrored", backend: "shadow" }]);
	assert.equal(context.decisions[0]?.attempts.length, 1);
});

test("of a stream the whole copy is read", async () => {
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
	assert.equal([read, records[0]?.usage, records[0]?.failure], [3, usage, undefined]);
});

for (const [what, shadow] of [
	["hangs", { unary: () => new Promise(() => {}) }],
	["fails", { unary: () => Promise.reject(new SpearError("backend_error", "down")) }],
	[
		"throws before it gives a promise",
		{
			unary: () => {
				throw new TypeError("oops");
			},
		},
	],
	["has no key", { hasKey: false }],
] as const satisfies readonly (readonly [string, FakeInstanceOptions])[]) {
	test(`a mirror that ${what} neither delays nor fails the request`, async () => {
		const { clock, ask } = mirroring(shadow);
		const { backend } = await ask();
		assert.equal([backend.instance, backend.latency_ms, backend.attempts.length, clock.now()], ["a", 0, 1, 0]);
		await clock.advance(1_000);
	});
}

test("a copy that failed is recorded with its failure, and counts against the mirror only", async () => {
	const { clock, records, instance, router, ask } = mirroring({ unary: () => Promise.reject(new SpearError("backend_error", "down")) });
	await ask();
	await clock.advance(0);
	assert.equal([records[0]?.failure?.message, instance.stats.breaker.failures], ["down", 1]);
	assert.is(router.instances[0]?.stats.breaker.failures, 0);
});

test("a copy goes on when the request is over, and ends at that request's deadline", async () => {
	const { clock, records, instance, ask } = mirroring({ unary: untilAborted });
	await ask(chatEnvelope({ timeout_ms: 500 }));
	await clock.advance(499);
	assert.equal([records, instance.stats.inFlight], [[], 1]);
	await clock.advance(1);
	assert.equal([records[0]?.failure?.code, instance.stats.inFlight, clock.pending], ["timeout", 0, 0]);
});

test("a mirror that ignores its signal is let go at the deadline all the same", async () => {
	const { clock, records, instance, ask } = mirroring({ unary: () => new Promise(() => {}) });
	await ask(chatEnvelope({ timeout_ms: 500 }));
	await clock.advance(500);
	assert.equal([records[0]?.failure?.code, instance.stats.inFlight], ["timeout", 0]);
});

test("no more copies are under way than may; further ones are left out", async () => {
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
	assert.equal([records.length, instance.stats.inFlight], [2, 0]);
	assert.is(await drive(1), 1);
});

test("requests that come together make no more copies than may be under way", async () => {
	const { clock, instance, ask } = mirroring({ unary: () => new Promise(() => {}) }, { concurrency: 2 });
	const calls = Array.from({ length: 10 }, () => ask());
	await clock.advance(0);
	await Promise.all(calls);
	assert.is(instance.stats.inFlight, 2);
});

test("no more copies are made in a minute than may", async () => {
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

test("copies cost no more a day than they may", async () => {
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

test("the part of the requests that is copied is the one configured, at its ends exactly", async () => {
	const counts: number[] = [];
	for (const ratio of [0, 0.25, 1]) {
		const { clock, records, ask } = mirroring({}, { ratio });
		for (let i = 0; i < 400; i++) {
			await ask();
			await clock.advance(0);
		}
		counts.push(records.length);
	}
	assert.equal([counts[0], counts[2]], [0, 400]);
	assert.ok(Math.abs((counts[1] ?? 0) - 100) < 30, `${counts[1]} of 400`);
});

test("what a request forbids its copy does not do either", async () => {
	const { clock, records, ask } = mirroring();
	await ask(chatEnvelope({ routing: routing({ denylist: ["shadow"] }) }));
	await ask(chatEnvelope({ routing: routing({ backend: "a" }) }));
	await clock.advance(0);
	assert.equal(records, []);
});

test("what is not there, broken or full gets no copy", async () => {
	const gone = mirroring({}, { backend: "nobody" });
	const broken = mirroring();
	for (let i = 0; i < 5; i++) broken.instance.stats.breaker.fail(false, 0);
	const full = mirroring({ concurrency: 0 });
	for (const { clock, records, ask } of [gone, broken, full]) {
		await ask();
		await clock.advance(0);
		assert.equal(records, []);
	}
});

test("what a copy would store is read to its end and kept nowhere", async () => {
	const { clock, records, router } = mirroring({
		unary: async ({ media, signal }) => {
			const { size, mimeType } = await media.store(Readable.from([new Uint8Array(3), new Uint8Array(4)]), "image/png", signal);
			return chatResponse("shadow", { usage: { total_tokens: mimeType === "image/png" ? size : 0 } });
		},
	});
	await router.unary(chatEnvelope(), watched());
	await clock.advance(0);
	await settled();
	assert.equal([records[0]?.failure, records[0]?.usage?.total_tokens], [undefined, 7]);
});

test("a mirror that was out comes back by a copy, and has its full share of requests then", async () => {
	const clock = new FakeClock();
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	const mirror: MirrorSettings = { backend: "b", ratio: 1, concurrency: 4, requestsPerMinute: 1_000 };
	const router = routerOf([a, b], { clock, chat: { mirror } });
	for (let i = 0; i < 5; i++) b.stats.breaker.fail(false, 0);
	await router.unary(chatEnvelope(), watched());
	clock.pass(6_000);
	await router.unary(chatEnvelope({ routing: routing({ preferred: ["a"] }) }), watched());
	await clock.advance(0);
	assert.is(b.stats.breaker.state(clock.now()), "closed");
	clock.pass(20_000);
	const names: string[] = [];
	for (let i = 0; i < 40; i++) names.push((await router.unary(chatEnvelope(), watched())).backend.instance);
	assert.is(names.filter((name) => name === "b").length, 20);
});

/** Rejections that nobody handled while a request was mirrored: any of them ends the host. */
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

test("an observer of copies that throws leaves the host alone", async () => {
	const onMirror = (): never => {
		throw new Error("observer");
	};
	assert.equal(await unhandled(mirroring({}, {}, { onMirror })), []);
});

test("a store that throws leaves the host alone", async () => {
	const reserve = (): never => {
		throw new Error("store");
	};
	assert.equal(await unhandled(mirroring({}, {}, { store: { reserve } })), []);
});

test.run();
