import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ONE, TestHost, TestStore, TWO } from "./rig.ts";

const test = suite("the place of a host among the hosts");

async function joined(store: TestStore, host: TestHost): Promise<TestHost> {
	const joining = host.membership.join();
	await store.clock.advance(2_000);
	await joining;
	return host;
}

const names = async (host: TestHost): Promise<string[]> => (await host.membership.presentHosts()).hosts.map(({ name }) => name);

test("a host that joins is seen with its card, one that leaves is gone at once, and one that is silent after 10 s", async () => {
	const store = new TestStore();
	const north = await joined(store, new TestHost(store, "north"));
	const south = await joined(store, new TestHost(store, "south"));
	const west = await joined(store, new TestHost(store, "west"));
	assert.equal(await names(north), ["north", "south", "west"]);
	await south.membership.leave();
	assert.equal(await names(north), ["north", "west"]);
	north.state = "draining";
	await north.membership.renew();
	const [first] = (await west.membership.presentHosts()).hosts;
	assert.equal([first?.name, first?.card.state, first?.instance], ["north", "draining", north.membership.instance]);
	// A host without its timer is as one that was killed.
	north.membership.leave = async () => {};
	Object.defineProperty(north.membership, "renew", { value: async () => {} });
	await store.clock.advance(9_000);
	assert.equal(await names(west), ["north", "west"]);
	await store.clock.advance(4_000);
	assert.equal([await names(west), west.membership.size], [["west"], 1]);
});

test("the second live host of a name gets another one, and says so", async () => {
	const store = new TestStore();
	const first = await joined(store, new TestHost(store, "north"));
	const second = await joined(store, new TestHost(store, "north"));
	const name = `north-${second.membership.instance.slice(0, 5)}`;
	assert.equal([first.membership.name, second.membership.name], ["north", name]);
	assert.equal(
		second.log.at("warn").map(({ message }) => message),
		[`another live host has the name north, so this host is ${name}; give each host a name of its own by \`host\` in [cluster]`],
	);
	assert.equal(await names(first), ["north", name]);
});

test("a restart after a crash gets the name of before within a second, long before the place expires", async () => {
	const store = new TestStore();
	const crashed = await joined(store, new TestHost(store, "north"));
	await store.members.renew({
		name: "north",
		instance: "f".repeat(16),
		digest: ONE,
		card: "{}",
		ttlMs: 10_000,
		takeOver: true,
	});
	await crashed.membership.leave();
	const again = new TestHost(store, "north");
	const joining = again.membership.join();
	await store.clock.advance(1_000);
	await joining;
	assert.is(again.membership.name, "north");
	assert.equal(again.log.at("warn"), []);
	assert.equal(await names(again), ["north"]);
});

test("a suspended host whose name was taken meanwhile goes on under another one", async () => {
	const store = new TestStore();
	const suspended = await joined(store, new TestHost(store, "north"));
	const next = new TestHost(store, "north");
	await store.members.renew({
		name: "north",
		instance: next.membership.instance,
		digest: ONE,
		card: "{}",
		ttlMs: 10_000,
		takeOver: true,
	});
	await joined(store, next);
	await store.clock.advance(3_000);
	const name = `north-${suspended.membership.instance.slice(0, 5)}`;
	assert.equal([suspended.membership.name, next.membership.name], [name, "north"]);
	assert.equal(await names(next), ["north", name]);
});

test("without the store, the hosts of the last contact are told with its time, and the host joins again by itself", async () => {
	const store = new TestStore();
	const north = await joined(store, new TestHost(store, "north"));
	await joined(store, new TestHost(store, "south"));
	const before = await north.membership.presentHosts();
	store.isReachable = false;
	await store.clock.advance(20_000);
	const during = await north.membership.presentHosts();
	assert.equal(
		[during.isCurrent, during.contactMs, during.hosts.map(({ name }) => name), north.membership.size],
		[false, before.contactMs, ["north", "south"], undefined],
	);
	store.isReachable = true;
	await store.clock.advance(0);
	assert.equal(await names(north), ["north", "south"]);
});

test("hosts that differ for 15 s are named once in the log, and once when they are equal again", async () => {
	const store = new TestStore();
	const north = await joined(store, new TestHost(store, "north"));
	const south = await joined(store, new TestHost(store, "south"));
	south.config = { ...south.config, digest: TWO };
	await store.clock.advance(12_000);
	assert.equal(north.log.at("warn"), []);
	await store.clock.advance(20_000);
	assert.equal(
		north.log.at("warn").map(({ message }) => message),
		[
			"1 of the hosts have another configuration than this one: south (222222222222); give all hosts the same file, and run `spear reload --all`",
		],
	);
	south.config = { ...south.config, digest: ONE };
	await store.clock.advance(8_000);
	assert.equal(
		north.log.at("info").map(({ message }) => message),
		["all hosts have the same configuration again"],
	);
});

test("a card that cannot be used is left out and named, in the list and in the log", async () => {
	const store = new TestStore();
	const north = await joined(store, new TestHost(store, "north"));
	await store.members.renew({ name: "evil", instance: "e".repeat(16), digest: ONE, card: '{"form":9}', ttlMs: 60_000 });
	await store.members.renew({ name: "\u001b[2J", instance: "d".repeat(16), digest: ONE, card: "{}", ttlMs: 60_000 });
	const { hosts, refused } = await north.membership.presentHosts();
	assert.equal([hosts.map(({ name }) => name), refused.map(({ name }) => name)], [["north"], ["?", "evil"]]);
	assert.match(north.log.at("warn").at(-1)?.message ?? "", /^host evil is left out: .*another version of this package/);
});

test("a host carries out a command of another one, also if its notification was lost, and silence is told after the timeout", async () => {
	const store = new TestStore();
	const north = await joined(store, new TestHost(store, "north"));
	const south = await joined(store, new TestHost(store, "south"));
	const asked = north.membership.ask(south.membership.instance, { kind: "check" }, 5_000);
	await store.clock.advance(0);
	assert.equal(await asked, { ok: true, digest: ONE, isReady: true, needRestart: [] });
	const { members } = store.store;
	// As a connection that is cut between the write and the notification.
	members.onMessage = () => () => {};
	const deaf = await joined(store, new TestHost(store, "deaf"));
	const late = north.membership.ask(deaf.membership.instance, { kind: "check" }, 5_000);
	await store.clock.advance(3_000);
	assert.equal([(await late).ok, deaf.commands], [true, ["check"]]);
	const silent = north.membership.ask("f".repeat(16), { kind: "check" }, 2_000);
	await store.clock.advance(2_000);
	assert.equal(await silent, { ok: false, code: "no_answer", message: "no answer came in 2 s", faults: [] });
});

test("another writer to the store cannot make a host check without end, nor do anything else", async () => {
	const store = new TestStore();
	const north = await joined(store, new TestHost(store, "north"));
	const { instance } = north.membership;
	const from = "a".repeat(16);
	for (let index = 0; index < 50; index++)
		await store.members.send(instance, JSON.stringify({ type: "command", id: `${index}`, from, command: { kind: "check" } }), 60_000);
	for (const text of ["", "[]", '{"type":"command","id":"x","from":"x","command":{"kind":"check"}}', "{".repeat(10_000)])
		await store.members.send(instance, text, 60_000);
	const exit = { type: "command", id: "x", from, command: { kind: "exit", path: "/etc/passwd" } };
	await store.members.send(instance, JSON.stringify(exit), 60_000);
	await store.clock.advance(1_000);
	assert.ok(north.commands.length <= 5, `${north.commands.length} commands`);
	assert.equal(
		north.log.at("warn").map(({ message }) => message),
		["the shared store held a message that no host has written; another program writes to these keys"],
	);
	const answers = (await store.members.receive(from)).map((text) => JSON.parse(text).answer.code);
	assert.is(answers.filter((code) => code === "busy").length, 50 - north.commands.length);
});

test.run();
