/** Many hosts and one dead backend: it costs all of them together little more than one host alone. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MemoryStore } from "../../../src/cluster/memory/memory-store.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { guestIdentity } from "../../../src/identity/guest-identity.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { delayed, PeerHost, Upstreams } from "../../helpers/peer-hosts.ts";

const refused = (): SpearError => new SpearError("backend_error", "connection refused", { attribution: "connection", retryable: true });
const broken = (): SpearError => new SpearError("backend_error", "HTTP 500", { attribution: "backend", retryable: true });

interface Traffic {
	/** Requests of each host per second. */
	readonly perSecond: number;
	readonly forMs: number;
	/** True if all hosts send in the same moment. */
	readonly inStep: boolean;
	readonly guests: number;
}

/** Returns the failed requests of all hosts and those of callers, from the death of a backend on. */
async function failuresOf(hosts: number, failure: () => SpearError, { perSecond, forMs, inStep, guests }: Traffic) {
	const clock = new FakeClock();
	const upstreams = new Upstreams();
	const store = new MemoryStore({ now: () => clock.now() });
	const shared = { connection: store.connection, hints: delayed(store.hints, clock, 4) };
	const all = Array.from({ length: hosts }, (_, index) => new PeerHost(`host-${index}`, { store: shared, clock, upstreams }));
	const pauseMs = 1_000 / perSecond;
	let unanswered = 0;
	const send = async (host: PeerHost, index: number, turn: number): Promise<void> => {
		const guest = guests === 0 ? undefined : guestIdentity(`g${(turn + index) % guests}`);
		if ((await host.chat(guest)) === undefined) unanswered += 1;
	};
	const startedAt = clock.now();
	for (const [index, host] of all.entries()) {
		const offset = inStep ? 0 : (index * pauseMs) / hosts;
		for (let turn = 0; turn * pauseMs < forMs; turn++) clock.after(offset + turn * pauseMs, () => void send(host, index, turn));
	}
	await clock.advance(500);
	upstreams.fail("dead", failure);
	await clock.advance(startedAt + forMs - clock.now());
	for (const host of all) host[Symbol.dispose]();
	return { failed: upstreams.failed.length, unanswered };
}

for (const [name, failure] of [
	["refuses connections", refused],
	["answers 500", broken],
] as const)
	for (const inStep of [true, false])
		for (const guests of [0, 5]) {
			const circumstances = `${inStep ? "in step" : "in turns"}, ${guests === 0 ? "no" : guests} guests`;
			test(`a backend that ${name} costs four hosts at most 1.5 times the failures of one host: ${circumstances}`, async () => {
				for (const perSecond of [20, 100]) {
					const traffic = { perSecond, forMs: 2_500, inStep, guests };
					const one = await failuresOf(1, failure, traffic);
					const four = await failuresOf(4, failure, traffic);
					assert.equal(one, { failed: 5, unanswered: 0 });
					assert.is(four.unanswered, 0);
					assert.ok(four.failed >= 3 && four.failed <= 1.5 * one.failed, `${perSecond}/s: ${four.failed} failures`);
				}
			});
		}

test("a backend that refuses connections costs four hosts with 400 requests per second each no more than one host", async () => {
	const traffic = { perSecond: 400, forMs: 1_500, inStep: true, guests: 5 };
	const [one, four] = [await failuresOf(1, refused, traffic), await failuresOf(4, refused, traffic)];
	assert.equal([one.failed, four.failed], [5, 5]);
});

test("trials of four hosts at a backend that stays dead cost at most 1.5 times those of one host in a minute", async () => {
	const traffic = { perSecond: 20, forMs: 60_500, inStep: false, guests: 3 };
	const [one, four] = [await failuresOf(1, refused, traffic), await failuresOf(4, refused, traffic)];
	assert.is(four.unanswered, 0);
	assert.ok(four.failed <= 1.5 * one.failed, `${four.failed} failures, and ${one.failed} of one host`);
});

test.run();
