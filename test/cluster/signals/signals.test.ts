/** Hosts joined by a store in this process: hints travel, join late, are bounded, and do no harm. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ReceivedHint, SharedHints } from "../../../src/cluster/hints.ts";
import { MemoryStore } from "../../../src/cluster/memory/memory-store.ts";
import type { ConnectionState, StoreConnection } from "../../../src/cluster/store-connection.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { guestIdentity } from "../../../src/identity/guest-identity.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";
import { PeerHost, type PeerHostOptions, Upstreams } from "../../helpers/peer-hosts.ts";
import { openHint } from "../conformance/hints.ts";

const refused = (): SpearError => new SpearError("backend_error", "refused", { attribution: "connection", retryable: true });

const reasonOf = (host: PeerHost, backend: string): string => {
	const instance = host.instances.find(({ name }) => name === backend);
	const suspicion = instance?.stats.health("chat_completions").suspicionAt(host.clock.now());
	return suspicion?.reason ?? instance?.stats.health("chat_completions").breaker.state(host.clock.now()) ?? "";
};

class Rig {
	readonly clock = new FakeClock();
	readonly upstreams = new Upstreams();
	readonly store = new MemoryStore({ now: () => this.clock.now() });

	host(name: string, more: Partial<PeerHostOptions> = {}): PeerHost {
		return new PeerHost(name, { store: this.store, clock: this.clock, upstreams: this.upstreams, ...more });
	}

	/** Sends chats one after another. Returns the names of the backends that served them. */
	async chats(host: PeerHost, count: number): Promise<(string | undefined)[]> {
		const served: (string | undefined)[] = [];
		for (let n = 0; n < count; n++) {
			let isOver = false;
			const chat = host.chat().finally(() => {
				isOver = true;
			});
			while (!isOver) await this.clock.advance(1);
			served.push(await chat);
		}
		return served;
	}
}

test("a host that joins learns the present state", async () => {
	const rig = new Rig();
	using first = rig.host("first");
	rig.upstreams.fail("dead", refused);
	await rig.clock.advance(1);
	for (let n = 0; n < 20; n++) {
		await rig.chats(first, 4);
		await rig.clock.advance(20);
	}
	assert.is(reasonOf(first, "dead"), "open");
	using late = rig.host("late");
	await settled();
	assert.is(reasonOf(late, "dead"), "host first reports an open breaker");
	assert.equal([...new Set(await rig.chats(late, 6))], ["good"]);
	assert.equal([late.signals.statistics.received, late.signals.statistics.applied, late.signals.statistics.sent], [1, 1, 0]);
});

test("a host ignores hints under its own name, on backends that it does not have, and copies", async () => {
	const rig = new Rig();
	using host = rig.host("north");
	await settled();
	await rig.store.hints.publish("north", [openHint({ backend: "dead" })]);
	await rig.store.hints.publish("south", [openHint({ backend: "other" }), openHint({ backend: "dead", operation: "embeddings" })]);
	await rig.store.hints.publish("south", [openHint({ backend: "good", leftMs: 60_000 })]);
	await host.signals.read();
	await host.signals.read();
	const { received, applied, unknown } = host.signals.statistics;
	assert.equal([received, applied, unknown], [3, 1, 2]);
	assert.equal([reasonOf(host, "dead"), reasonOf(host, "good")], ["closed", "host south reports an open breaker"]);
});

test("a flood of hints of one host is cut off, and hints of another host are applied", async () => {
	const rig = new Rig();
	using host = rig.host("north");
	await settled();
	for (let n = 0; n < 3_000; n++)
		await rig.store.hints.publish("flood", [openHint({ backend: "dead", failures: n % 100, leftMs: 1 + (n % 60) })]);
	await rig.store.hints.publish("south", [openHint({ backend: "good" })]);
	await settled();
	const { flooded, applied, received } = host.signals.statistics;
	assert.equal([received - flooded - applied, flooded > 2_400], [0, true]);
	assert.is(reasonOf(host, "good"), "host south reports an open breaker");
});

test("a host that marks everything dead, again and again, costs no other host a request", async () => {
	const rig = new Rig();
	using host = rig.host("north", { backends: ["a", "b", "c"] });
	const served: (string | undefined)[] = [];
	for (let second = 0; second < 60; second++) {
		const lies = ["a", "b", "c"].map((backend) => openHint({ backend, leftMs: 600_000, failures: second }));
		await rig.store.hints.publish("liar", lies);
		served.push(...(await rig.chats(host, 10)));
		await rig.clock.advance(990);
	}
	const counts = ["a", "b", "c"].map((name) => served.filter((each) => each === name).length);
	assert.is(served.includes(undefined), false);
	assert.ok(Math.min(...counts) > 170, `${counts}`);
	const { applied, discounted, refuted } = host.signals.statistics;
	assert.ok(applied <= 15 && discounted >= 150 && refuted <= 5, `${applied} ${discounted} ${refuted}`);
});

test("a guest that makes requests fail on two hosts closes no backend for others on a third", async () => {
	const rig = new Rig();
	using one = rig.host("one");
	using two = rig.host("two");
	using third = rig.host("third");
	const eve = guestIdentity("eve");
	const broken = new SpearError("backend_error", "HTTP 500", { attribution: "backend", retryable: true });
	for (const name of ["x", "y"]) {
		void third.chat(guestIdentity(name));
		await rig.clock.advance(1);
	}
	rig.upstreams.fail("dead", (host) => (host === "third" ? undefined : broken));
	for (let n = 0; n < 40; n++) {
		void one.chat(eve);
		void two.chat(eve);
		await rig.clock.advance(25);
	}
	assert.equal([reasonOf(one, "dead"), reasonOf(two, "dead"), reasonOf(third, "dead")], ["open", "open", "closed"]);
	assert.ok(third.signals.statistics.applied >= 2);
	assert.equal(new Set(await rig.chats(third, 4)).size, 2);
});

test("while the store is unreachable the host acts alone, and it tells its state when the store is back", async () => {
	const rig = new Rig();
	let reachable = false;
	const listeners = new Set<(state: ConnectionState) => void>();
	const connection: StoreConnection = {
		get state() {
			return { reachable, sinceMs: 0 };
		},
		onCall: () => () => {},
		onChange(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
	const orFail = async <T>(call: () => Promise<T>): Promise<T> => {
		if (!reachable) throw new StoreError("unreachable", "no connection");
		return call();
	};
	const hints: SharedHints = {
		publish: (host, list) => orFail(() => rig.store.hints.publish(host, list)),
		present: () => orFail(() => rig.store.hints.present()),
		subscribe: (listener) => rig.store.hints.subscribe((hint) => (reachable ? listener(hint) : undefined)),
	};
	using host = rig.host("north", { store: { hints, connection } });
	rig.upstreams.fail("dead", refused);
	for (let n = 0; n < 20; n++) {
		await rig.chats(host, 4);
		await rig.clock.advance(20);
	}
	assert.is(reasonOf(host, "dead"), "open");
	assert.ok(host.signals.statistics.unsent > 0);
	await rig.store.hints.publish("south", [openHint({ backend: "good" })]);
	assert.is(reasonOf(host, "good"), "closed");
	reachable = true;
	for (const listener of listeners) listener(connection.state);
	await rig.clock.advance(600);
	const ofNorth = (await rig.store.hints.present()).hints.filter(({ host: name }) => name === "north");
	assert.equal(
		ofNorth.map(({ kind, backend }: ReceivedHint) => `${kind} ${backend}`),
		["breaker_open dead"],
	);
	assert.is(reasonOf(host, "good"), "host south reports an open breaker");
});

test("lost messages are made up for within ten seconds", async () => {
	const rig = new Rig();
	const deaf: SharedHints = {
		publish: (host, list) => rig.store.hints.publish(host, list),
		present: () => rig.store.hints.present(),
		subscribe: () => () => {},
	};
	using host = rig.host("north", { store: { hints: deaf, connection: rig.store.connection } });
	await settled();
	await rig.store.hints.publish("south", [openHint({ backend: "dead" })]);
	await settled();
	assert.is(reasonOf(host, "dead"), "closed");
	await rig.clock.advance(10_000);
	assert.is(reasonOf(host, "dead"), "host south reports an open breaker");
});

test("a backend that alternates between success and failure costs at most two calls a second over a longer time", async () => {
	const rig = new Rig();
	using host = rig.host("north", { backends: ["dead"] });
	let calls = 0;
	const { publish } = rig.store.hints;
	rig.store.hints.publish = (name, list) => {
		calls += 1;
		return publish.call(rig.store.hints, name, list);
	};
	let turn = 0;
	rig.upstreams.fail("dead", () => (turn++ % 2 === 0 ? refused() : undefined));
	for (let second = 0; second < 60; second++)
		for (let n = 0; n < 10; n++) {
			void host.chat();
			await rig.clock.advance(100);
		}
	assert.ok(calls > 20 && calls <= 20 + 2 * 60 + 1, `${calls}`);
});

test("hosts place new sessions alike, and a host that remembers a session keeps it", async () => {
	const rig = new Rig();
	const backends = ["a", "b", "c", "d", "e"];
	using north = rig.host("north", { backends });
	using south = rig.host("south", { backends: backends.toReversed() });
	const placed = async (host: PeerHost, count: number): Promise<(string | undefined)[]> => {
		const names: (string | undefined)[] = [];
		for (let n = 0; n < count; n++) {
			const chat = host.chat(undefined, `session-${n}`);
			await rig.clock.advance(1);
			names.push(await chat);
		}
		return names;
	};
	const atNorth = await placed(north, 100);
	assert.equal(await placed(south, 100), atNorth);
	assert.equal([...new Set(atNorth)].sort(), backends);
	// One backend is gone for the second host: only its sessions are elsewhere.
	const first = atNorth[0] ?? "";
	using third = rig.host("third", { backends: backends.filter((name) => name !== first) });
	const atThird = await placed(third, 100);
	assert.equal(
		atThird.filter((name, index) => name !== atNorth[index] && atNorth[index] !== first),
		[],
	);
	const [kept] = third.instances.filter(({ name }) => name === atThird[0]);
	kept?.stats.health("chat_completions").eject(rig.clock.now(), 1_000);
	const moved = (await placed(third, 1))[0];
	await rig.clock.advance(2_000);
	assert.equal(await placed(third, 1), [moved]);
	assert.is.not(moved, atThird[0]);
});

test("hosts that share a secret name keys by their values, and hosts without one by position and name", async () => {
	for (const [secret, isSame] of [
		["s".repeat(32), true],
		[undefined, false],
	] as const) {
		const rig = new Rig();
		const instance = { keys: { sources: [{ read: () => "sk-short", name: "THE_KEY" }] } };
		const options = { instance, ...(secret === undefined ? {} : { secret }) };
		using north = rig.host("north", options);
		using south = rig.host("south", options);
		using third = rig.host("third", options);
		// The hosts have the same only guest.
		await rig.chats(third, 1);
		rig.upstreams.fail("dead", () => new SpearError("backend_error", "HTTP 401", { attribution: "credentials", retryable: true }));
		void north.chat();
		void south.chat();
		await rig.clock.advance(10);
		const { hints } = await rig.store.hints.present();
		assert.equal(hints.map(({ host, kind }) => `${host} ${kind}`).sort(), ["north key_rejected", "south key_rejected"]);
		for (const { key } of hints) assert.match(key, isSame ? /^v[\w-]{22}$/ : /^p1\.[\w-]{22}$/);
		assert.not(JSON.stringify(hints).includes("sk-short"));
		const [key] = third.instances[0]?.keys.keys ?? [];
		const now = rig.clock.now();
		const waitMs = (key?.suspectedUntil(now) ?? 0) - now;
		assert.ok(isSame ? waitMs > 29_000 : waitMs > 0 && waitMs <= 1_000, `${waitMs}`);
	}
});

test.run();
