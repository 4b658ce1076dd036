/** The word of one other host: single requests try the backend, and others prefer other candidates. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ANNA, BEN, breakerOf, broken, digestOf, open, reasonAgainst, refused, rig, SPREAD_MS } from "./rig.ts";

test("an instance that one host reports as dead gets no request before its trial is due, and its share after a success", async () => {
	const host = rig();
	await host.chats(2);
	assert.is(host.peers.apply(open("b")), "applied");
	assert.equal([...new Set(await host.chats(20))], ["b"]);
	assert.match(reasonAgainst(host), /^suspected: host b reports an open breaker; one request tries it in \d+ ms$/);
	host.clock.pass(SPREAD_MS);
	assert.is((await host.chats(10)).filter((name) => name === "a").length, 1);
	host.clock.pass(1);
	assert.is((await host.chats(20)).filter((name) => name === "a").length, 10);
	assert.equal([host.refuted, breakerOf(host), host.signals], [["b"], "closed", []]);
});

test("one request at a time tries a suspected instance", async () => {
	const host = rig();
	host.peers.apply(open("b"));
	host.clock.pass(SPREAD_MS);
	const health = host.a.stats.health("chat_completions");
	const passage = health.begin({ guest: "", alone: true }, host.clock.now());
	assert.ok(health.suspectedUntil(host.clock.now()) > host.clock.now());
	assert.equal([...new Set(await host.chats(20))], ["b"]);
	health.abstain(passage);
	assert.is(health.suspectedUntil(host.clock.now()), 0);
	assert.ok((await host.chats(12)).includes("a"));
});

test("a failed trial of a suspected instance opens the breaker at once, and the others are told", async () => {
	const host = rig(["a", "b"], { settings: { retryRatio: 1 } });
	host.failure = refused;
	host.peers.apply(open("b"));
	host.clock.pass(SPREAD_MS);
	assert.equal([...new Set(await host.chats(20))], ["b"]);
	assert.equal([host.asked.a, breakerOf(host), host.refuted], [1, "open", []]);
	assert.equal(
		host.signals.map((signal) => ("failures" in signal ? [signal.kind, signal.failures, signal.guests] : [])),
		[["breaker_open", 1, "none"]],
	);
});

test("requests use suspected instances when there is no other candidate", async () => {
	const host = rig();
	for (const instance of ["a", "b"]) host.peers.apply(open("liar", { instance }));
	const served = await host.chats(6);
	assert.equal([...new Set(served)].sort(), ["a", "b"]);
	assert.equal(host.refuted, ["liar"]);
});

test("a host that marks everything dead, again and again, is ignored for growing times", async () => {
	const host = rig(["a", "b", "c"]);
	const effects: string[] = [];
	for (let second = 0; second < 120; second++) {
		for (const instance of ["a", "b", "c"]) effects.push(host.peers.apply(open("liar", { instance, leftMs: 600_000 })));
		const served = await host.chats(3);
		assert.ok(served.every((name) => name.length === 1));
		host.clock.pass(1_000);
	}
	// Believed at 0 s, 5 s, 15 s, 35 s and 75 s: of three hints each, the trial of one shows that the host was wrong.
	assert.is(effects.filter((effect) => effect === "applied").length, 5 * 3);
	assert.is(host.refuted.length, 5);
	assert.is(breakerOf(host), "closed");
});

test("a host whose hint was refuted loses all that it has reported, and others keep theirs", async () => {
	const host = rig(["a", "b", "c", "d"]);
	for (const instance of ["a", "b"]) host.peers.apply(open("liar", { instance }));
	host.peers.apply(open("honest", { instance: "c" }));
	host.clock.pass(SPREAD_MS);
	host.a.stats.health("chat_completions").suspicionAt(host.clock.now())?.succeed();
	assert.is(reasonAgainst(host, "b"), "eligible");
	assert.is(host.a.stats.health("chat_completions").suspectedUntil(host.clock.now()), 0);
	assert.is(host.peers.apply(open("liar", { instance: "b" })), "discounted");
	assert.is(host.peers.apply(open("honest", { instance: "b" })), "applied");
});

test("a suspicion ends with the time of the hint", async () => {
	const host = rig();
	host.peers.apply(open("b", { leftMs: 10 }));
	assert.equal([...new Set(await host.chats(4))], ["b"]);
	host.clock.pass(10);
	assert.equal((await host.chats(4)).filter((name) => name === "a").length, 2);
	assert.equal(host.refuted, []);
});

test("a report of a recovery ends the suspicion of the same host, and not that of another one", async () => {
	const host = rig();
	for (const name of ["b", "c"]) host.peers.apply(open(name, { failures: 1, kind: "failing" }));
	const closed = (name: string) => open(name, { kind: "breaker_closed", failures: 0 });
	host.peers.apply(closed("b"));
	assert.match(reasonAgainst(host), /^suspected: host c reports failures/);
	host.peers.apply(closed("c"));
	assert.is(reasonAgainst(host), "eligible");
});

test("failures of one guest at another host keep no guest of this host waiting", async () => {
	const host = rig();
	await host.chats(1, ANNA);
	await host.chats(1, BEN);
	assert.is(host.peers.apply(open("b", { guests: digestOf(ANNA.id) })), "applied");
	assert.is(reasonAgainst(host), "eligible");
});

test("failures of the only guest of this host at another host make the instance suspected, until another guest comes", async () => {
	const host = rig();
	await host.chats(2, ANNA);
	host.peers.apply(open("b", { guests: digestOf(ANNA.id) }));
	assert.equal([...new Set(await host.chats(4, ANNA))], ["b"]);
	assert.equal([...new Set(await host.chats(4, BEN))].sort(), ["a", "b"]);
});

test("single failures at another host raise no suspicion, unless no request can cause them", () => {
	const host = rig();
	const failing = (failures: number, guests: string) => open("b", { kind: "failing", failures, guests });
	host.peers.apply(failing(2, "several"));
	assert.is(reasonAgainst(host), "eligible");
	host.peers.apply(failing(3, "several"));
	assert.match(reasonAgainst(host), /^suspected/);
	const other = rig();
	other.peers.apply(failing(1, "none"));
	assert.match(reasonAgainst(other), /^suspected/);
});

test("a session whose instance is suspected is served elsewhere, and returns afterwards", async () => {
	const host = rig(["a", "b", "c"]);
	let session = "";
	for (let n = 0; session === ""; n++) if ((await host.chats(1, undefined, `s${n}`))[0] === "a") session = `s${n}`;
	host.peers.apply(open("b"));
	assert.not((await host.chats(1, undefined, session)).includes("a"));
	host.peers.apply(open("b", { kind: "breaker_closed" }));
	assert.equal(await host.chats(1, undefined, session), ["a"]);
});

test("hints with values out of range are refused", () => {
	const host = rig();
	const bad = [
		open(""),
		open("me"),
		open("x".repeat(65)),
		open("b", { leftMs: -1 }),
		open("b", { leftMs: Number.NaN }),
		open("b", { failures: -1 }),
		open("b", { failures: 1e9 }),
		open("b", { failures: 1.5 }),
	];
	assert.equal(
		bad.map((hint) => host.peers.apply(hint)),
		bad.map(() => "invalid"),
	);
	assert.equal(
		[host.peers.apply(open("b", { instance: "z" })), host.peers.apply(open("b", { operation: "embeddings" }))],
		["unknown", "unknown"],
	);
	assert.is(reasonAgainst(host), "eligible");
	host.peers.apply(open("b", { leftMs: Number.POSITIVE_INFINITY }));
	host.clock.pass(60_000);
	assert.is(reasonAgainst(host), "eligible");
});

test("a failure that no request can cause leaves the instance to single requests for a moment, at most once in a second", async () => {
	const host = rig(["a", "b"], { settings: { retryRatio: 1 } });
	host.failure = refused;
	await host.chats(4);
	assert.equal([host.asked.a, reasonAgainst(host)], [1, "suspected: this host has just met a failure; one request tries it in 20 ms"]);
	host.failure = undefined;
	host.clock.pass(20);
	const served = await host.chats(14);
	assert.ok(served.includes("a"));
	assert.equal([reasonAgainst(host), host.refuted], ["eligible", []]);
	host.failure = broken;
	await host.chats(2);
	assert.is(reasonAgainst(host), "eligible");
});

test.run();
