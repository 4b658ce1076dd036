/** The word of several hosts: it opens a breaker, by the same rules of blame as in one host. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ANNA, BEN, breakerOf, broken, digestOf, open, type Rig, reasonAgainst, refused, rig } from "./rig.ts";

/** A router with requests of two guests. */
async function ofTwoGuests(): Promise<Rig> {
	const host = rig();
	await host.chats(1, ANNA);
	await host.chats(1, BEN);
	return host;
}

test("two hosts with failures that no request can cause open the breaker without a trial, and a trial closes it", async () => {
	const host = await ofTwoGuests();
	host.peers.apply(open("b"));
	assert.is(breakerOf(host), "closed");
	host.peers.apply(open("c"));
	assert.is(breakerOf(host), "open");
	assert.match(reasonAgainst(host), /^opened by hints: hosts b and c report an open breaker; next trial in \d{4} ms$/);
	assert.equal([...new Set(await host.chats(20))], ["b"]);
	assert.equal([host.asked.a, host.signals], [1, []]);
	host.clock.pass(5_500);
	await host.chats(20);
	assert.equal([breakerOf(host), host.refuted.sort()], ["closed", ["b", "c"]]);
});

test("hosts that have reported the recovery before the trial were not wrong", async () => {
	const host = await ofTwoGuests();
	for (const name of ["b", "c"]) host.peers.apply(open(name));
	for (const name of ["b", "c"]) host.peers.apply(open(name, { kind: "breaker_closed", failures: 0 }));
	host.clock.pass(1_000);
	await host.chats(20);
	assert.equal([breakerOf(host), host.refuted], ["closed", []]);
});

test("the same guest at two hosts opens no breaker for others, and two guests do", async () => {
	const host = await ofTwoGuests();
	for (const name of ["b", "c", "d", "e"]) host.peers.apply(open(name, { guests: digestOf("eve") }));
	assert.equal([breakerOf(host), reasonAgainst(host)], ["closed", "eligible"]);
	host.peers.apply(open("f", { guests: digestOf("mallory") }));
	assert.is(breakerOf(host), "open");
});

test("one host alone opens no breaker, however often it reports and whatever it claims", async () => {
	const host = await ofTwoGuests();
	for (let n = 0; n < 50; n++) {
		host.peers.apply(open("b", { failures: 100, guests: n % 2 === 0 ? "several" : "none", leftMs: 600_000 }));
		host.clock.pass(10);
	}
	assert.is(breakerOf(host), "closed");
});

test("failures before the breaker opens add up over hosts, half of the threshold of each at most", async () => {
	const host = await ofTwoGuests();
	host.peers.apply(open("b", { kind: "failing", failures: 4, guests: "several" }));
	host.peers.apply(open("c", { kind: "failing", failures: 1, guests: "several" }));
	assert.is(breakerOf(host), "closed");
	host.peers.apply(open("c", { kind: "failing", failures: 2, guests: "several" }));
	assert.is(breakerOf(host), "open");
});

test("own failures and those of another host open the breaker together", async () => {
	const host = rig(["a", "b"], { settings: { retryRatio: 1 } });
	await host.chats(1, ANNA);
	await host.chats(1, BEN);
	host.peers.apply(open("b", { kind: "failing", failures: 2, guests: "several" }));
	host.failure = broken;
	for (const guest of [ANNA, BEN, ANNA]) await host.chats(2, guest);
	assert.equal([host.asked.a, breakerOf(host)], [4, "open"]);
	const last = host.signals.at(-1);
	assert.ok(last !== undefined && "failures" in last);
	assert.equal([last.kind, last.failures, last.guests], ["breaker_open", 3, "several"]);
});

test("what the only guest has shown at two hosts is left to it when another guest comes", async () => {
	const host = rig();
	await host.chats(2, ANNA);
	for (const name of ["b", "c"]) host.peers.apply(open(name, { guests: digestOf(ANNA.id) }));
	assert.is(breakerOf(host), "open");
	assert.equal([...new Set(await host.chats(4, ANNA))], ["b"]);
	assert.equal([...new Set(await host.chats(4, BEN))].sort(), ["a", "b"]);
	assert.equal([...new Set(await host.chats(4, ANNA))], ["b"]);
});

test("a report of a recovery brings the next trial forward, once in an open period, and a failed trial refutes it", async () => {
	const host = rig(["a", "b"], { settings: { retryRatio: 1 } });
	host.failure = refused;
	for (let n = 0; n < 40; n++) {
		await host.chats(2);
		host.clock.pass(25);
	}
	assert.equal([host.asked.a, breakerOf(host)], [5, "open"]);
	const closed = (): string => host.peers.apply(open("liar", { kind: "breaker_closed", failures: 0 }));
	assert.is(closed(), "applied");
	host.clock.pass(1_000);
	await host.chats(20);
	assert.equal([host.asked.a, host.refuted, closed()], [6, ["liar"], "discounted"]);
	host.clock.pass(1_000);
	await host.chats(20);
	assert.is(host.asked.a, 6);
});

test("a failed trial of another host stands for a trial of this one, three times in a row at most", async () => {
	const host = rig();
	for (const name of ["b", "c"]) host.peers.apply(open(name));
	const { breaker } = host.a.stats.health("chat_completions");
	const ends: number[] = [];
	for (let n = 0; n < 5; n++) {
		// A report in the first half of the period is that of the same failures.
		host.peers.apply(open("b"));
		host.clock.pass(breaker.openUntil - host.clock.now() - 1);
		host.peers.apply(open("b"));
		ends.push(Math.round((breaker.openUntil - host.clock.now()) / 1_000));
	}
	assert.ok(ends[0] !== undefined && ends[0] >= 9 && ends[0] <= 11, `${ends}`);
	assert.equal(ends.slice(3), [0, 0]);
	assert.is(breaker.permits(breaker.openUntil), true);
});

test("hosts that report everything as dead together leave no request without an instance", async () => {
	const host = await ofTwoGuests();
	host.clock.pass(1_000);
	for (const instance of ["a", "b"]) for (const name of ["b", "c"]) host.peers.apply(open(name, { instance, leftMs: 600_000 }));
	assert.is(breakerOf(host), "open");
	const served: string[] = [];
	for (let n = 0; n < 6; n++) {
		served.push(...(await host.chats(1)));
		host.clock.pass(10);
	}
	assert.ok(
		served.every((name) => name === "a" || name === "b"),
		`${served}`,
	);
	assert.equal(host.refuted.sort(), ["b", "c"]);
	assert.is(host.peers.apply(open("b")), "discounted");
});

test("a liar with ever new names is believed eight times in a minute", async () => {
	const host = await ofTwoGuests();
	const effects: string[] = [];
	for (let n = 0; n < 30; n++) {
		effects.push(host.peers.apply(open(`liar-${n}`)));
		host.clock.pass(1_000);
		await host.chats(11);
	}
	assert.is(effects.filter((effect) => effect === "applied").length, 8);
	host.clock.pass(60_000);
	assert.is(host.peers.apply(open("new")), "applied");
});

test("the others learn of failures, of the open breaker and of the recovery", async () => {
	const host = rig(["a", "b"], { settings: { retryRatio: 1 } });
	host.failure = refused;
	for (let n = 0; n < 40; n++) {
		await host.chats(2);
		host.clock.pass(25);
	}
	host.failure = undefined;
	host.clock.pass(6_000);
	await host.chats(20);
	assert.equal(
		host.signals.map((signal) => [signal.kind, "failures" in signal ? signal.failures : 0, signal.guests]),
		[
			["failing", 1, "none"],
			["failing", 2, "none"],
			["failing", 3, "none"],
			["failing", 4, "none"],
			["breaker_open", 5, "none"],
			["breaker_closed", 0, "none"],
		],
	);
});

test.run();
