/** Hints on keys: one host makes single requests try a key, and two hosts make it wait if it surely is the same key. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import type { KeyHint } from "../../../../src/router/resilience/peers/peer-hints.ts";
import { ANNA, BEN, digestOf, type Rig, reasonAgainst, rig, SPREAD_MS } from "./rig.ts";

const rejected = (host: string, given: Partial<KeyHint> = {}): KeyHint => ({
	host,
	kind: "key_rejected",
	instance: "a",
	key: 1,
	isSameValue: true,
	guests: "several",
	leftMs: 30_000,
	...given,
});

/** A router whose instances have two keys each, with requests of two guests. */
async function withKeys(values = ["one", "two"]): Promise<Rig> {
	const sources = values.map((value, index) => ({ read: () => value, name: `KEY_${index}` }));
	const host = rig(["a", "b"], {}, { keys: { sources } });
	await host.chats(1, ANNA);
	await host.chats(1, BEN);
	return host;
}

const [FIRST, SECOND] = [0, 1];

function keyOf(host: Rig, index: number) {
	const key = host.a.keys.keys[index];
	if (key === undefined) throw new Error("no key");
	return key;
}

test("a key that one host reports is used after all others, until a request with it has succeeded", async () => {
	const host = await withKeys();
	host.peers.apply(rejected("b"));
	const now = host.clock.now();
	for (let n = 0; n < 4; n++) assert.is(host.a.keys.pick(now)?.number, 2);
	assert.is(reasonAgainst(host), "eligible");
	host.clock.pass(SPREAD_MS);
	await host.chats(8);
	assert.equal([host.refuted, keyOf(host, FIRST).suspectedUntil(host.clock.now())], [["b"], 0]);
});

test("an instance whose only key is reported is suspected, and is used when there is no other candidate", async () => {
	const host = await withKeys(["one"]);
	host.peers.apply(rejected("b", { kind: "key_cooldown" }));
	assert.equal([...new Set(await host.chats(6))], ["b"]);
	assert.match(reasonAgainst(host), /^suspected: host b reports a key without quota; one request tries it in \d+ ms$/);
	host.peers.apply(rejected("b", { instance: "b" }));
	assert.equal([...new Set(await host.chats(6))].sort(), ["a", "b"]);
});

test("two hosts make the same key wait for the shorter of both times", async () => {
	const host = await withKeys(["one"]);
	host.peers.apply(rejected("b", { leftMs: 600_000 }));
	host.peers.apply(rejected("c", { leftMs: 20_000 }));
	assert.is(keyOf(host, FIRST).suspectedUntil(host.clock.now()), 20_000);
	assert.equal([...new Set(await host.chats(20))], ["b"]);
	host.clock.pass(20_000);
	assert.ok((await host.chats(12)).includes("a"));
});

test("hosts that report every key leave no request without one, and are ignored after the first success", async () => {
	const host = await withKeys(["one"]);
	for (const instance of ["a", "b"]) for (const name of ["b", "c"]) host.peers.apply(rejected(name, { instance, leftMs: 600_000 }));
	assert.equal([...new Set(await host.chats(6))].sort(), ["a", "b"]);
	assert.equal(host.refuted.sort(), ["b", "c"]);
});

test("two hosts whose keys may have other values make a key wait no longer than one host does", async () => {
	const host = await withKeys();
	for (const name of ["b", "c"]) host.peers.apply(rejected(name, { key: 2, isSameValue: false }));
	const until = keyOf(host, SECOND).suspectedUntil(host.clock.now());
	assert.ok(until > 0 && until <= SPREAD_MS);
});

test("the requests of one guest at two hosts touch no key of the others", async () => {
	const host = await withKeys();
	for (const name of ["b", "c"]) host.peers.apply(rejected(name, { guests: digestOf("eve") }));
	assert.equal([keyOf(host, FIRST).unavailableUntil(0), keyOf(host, FIRST).suspectedUntil(0)], [0, 0]);
	host.peers.apply(rejected("d", { guests: digestOf("mallory") }));
	assert.ok(keyOf(host, FIRST).suspectedUntil(0) > 0);
});

test("a suspicion of a key ends with a change of its value", () => {
	let value = "old";
	const host = rig(["a", "b"], {}, { keys: { sources: [{ read: () => value, name: "KEY" }] } });
	host.peers.apply(rejected("b"));
	assert.ok(keyOf(host, FIRST).suspectedUntil(0) > 0);
	value = "new";
	assert.is(keyOf(host, FIRST).suspectedUntil(0), 0);
});

test("the others learn of a key that is unavailable to all guests, and of none that one guest of several has met", async () => {
	const host = await withKeys(["one"]);
	host.failure = () => new SpearError("rate_limited", "HTTP 429", { attribution: "capacity", retryAfterMs: 7_000, retryable: true });
	await host.chats(4, ANNA);
	assert.equal(host.signals, []);
	await host.chats(4, BEN);
	const [signal] = host.signals;
	assert.equal([host.signals.length, signal?.kind, signal?.guests, signal?.leftMs], [1, "key_cooldown", "several", 7_000]);
});

test("hints on keys that this host does not have are unknown", async () => {
	const host = await withKeys();
	assert.is(host.peers.apply(rejected("b", { key: 3 })), "unknown");
	assert.is(rig().peers.apply(rejected("b", { instance: "z" })), "unknown");
});

test.run();
