import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ReloadStep, rolledReload } from "../../../src/cluster/membership/rolled-reload.ts";
import { ONE, TestHost, TestStore, TWO } from "./rig.ts";

const test = suite("a rolled reload");

interface Rig {
	readonly store: TestStore;
	readonly hosts: readonly [TestHost, TestHost, TestHost];
}

/** Three hosts, whose files have another configuration than they use. */
async function rig(): Promise<Rig> {
	const store = new TestStore();
	const hosts = [new TestHost(store, "a"), new TestHost(store, "b"), new TestHost(store, "c")] as const;
	for (const host of hosts) {
		await host.membership.join();
		host.file = TWO;
	}
	return { store, hosts };
}

/** Reloads from the first host. Returns the steps as words. */
async function rolled({ store, hosts }: Rig, given: { readonly dryRun?: boolean; readonly signal?: AbortSignal } = {}): Promise<string[]> {
	const { dryRun = false, signal = new AbortController().signal } = given;
	const steps: string[] = [];
	const running = (async () => {
		for await (const step of rolledReload(hosts[0].membership, { clock: store.clock, dryRun, signal })) steps.push(words(step));
	})();
	let isDone = false;
	const done = running.finally(() => {
		isDone = true;
	});
	while (!isDone) await store.clock.advance(100);
	await done;
	return steps;
}

function words(step: ReloadStep): string {
	switch (step.type) {
		case "end":
			return `${step.outcome}: ${step.configs.map(({ host, digest }) => `${host} ${digest[0]}`).join(", ")}`;
		case "failed":
			return `failed ${step.host} ${step.code}: ${step.message}`;
		case "checked":
		case "reloaded":
			return `${step.type} ${step.host} ${step.digest[0]}`;
		default:
			return `${step.type} ${step.host}`;
	}
}

test("checks all hosts, and reloads one after the other, the asking one last", async () => {
	const three = await rig();
	assert.equal(await rolled(three), [
		"checked a 2",
		"checked b 2",
		"checked c 2",
		"reloading b",
		"reloaded b 2",
		"reloading c",
		"reloaded c 2",
		"reloading a",
		"reloaded a 2",
		"done: a 2, b 2, c 2",
	]);
	assert.equal(
		three.hosts.map(({ commands }) => commands),
		[
			["check", "reload"],
			["check", "reload"],
			["check", "reload"],
		],
	);
});

test("changes nothing if a host cannot use its configuration, or as a dry run", async () => {
	const three = await rig();
	assert.equal(await rolled(three, { dryRun: true }), ["checked a 2", "checked b 2", "checked c 2", "checked: a 1, b 1, c 1"]);
	const faults = [{ path: "backends.x.kind", line: 3, message: "there is no such kind" }];
	three.hosts[1].fault = () => ({ ok: false, code: "invalid_config", message: "the configuration of the host has a fault", faults });
	assert.equal(await rolled(three), [
		"checked a 2",
		"failed b invalid_config: the configuration of the host has a fault",
		"checked c 2",
		"refused: a 1, b 1, c 1",
	]);
	for (const { config } of three.hosts) assert.is(config.digest, ONE);
});

test("stops at the first host that fails, and says which hosts have which configuration", async () => {
	const three = await rig();
	const [, , c] = three.hosts;
	c.fault = ({ kind }) => (kind === "reload" ? { ok: false, code: "failed", message: "the disk is full", faults: [] } : undefined);
	assert.equal((await rolled(three)).slice(3), [
		"reloading b",
		"reloaded b 2",
		"reloading c",
		"failed c failed: the disk is full",
		"stopped: a 1, b 2, c 1",
	]);
});

test("stops at a host that does not serve again", async () => {
	const three = await rig();
	const [, b] = three.hosts;
	b.fault = ({ kind }) => {
		if (kind === "reload") b.isReady = false;
		return undefined;
	};
	assert.equal((await rolled(three)).slice(3), [
		"reloading b",
		"failed b failed: the host was reloaded and does not serve again: none of its backends can be used",
		"stopped: a 1, b 2, c 1",
	]);
});

test("leaves out hosts that drain, and names one that does not answer", async () => {
	const three = await rig();
	const [, b, c] = three.hosts;
	b.state = "draining";
	await b.membership.renew();
	Object.defineProperty(c.membership, "renew", { value: async () => {} });
	await three.store.members.receive(c.membership.instance);
	c.fault = () => ({ ok: false, code: "no_answer", message: "no answer came in 30 s", faults: [] });
	assert.equal(await rolled(three), ["skipped b", "checked a 2", "failed c no_answer: no answer came in 30 s", "refused: a 1, b 1, c 1"]);
});

test("only one runs at a time, and none without the store", async () => {
	const three = await rig();
	const { store, hosts } = three;
	await hosts[1].membership.hold(60_000);
	const signal = new AbortController().signal;
	const first = (): Promise<unknown> => rolledReload(hosts[0].membership, { clock: store.clock, dryRun: false, signal }).next();
	await rejects(first, /are being reloaded already/);
	await hosts[1].membership.release();
	store.isReachable = false;
	await rejects(first, /the shared store cannot be reached/);
	store.isReachable = true;
	assert.is((await rolled(three)).at(-1), "done: a 2, b 2, c 2");
	assert.is(await hosts[1].membership.hold(60_000), true);
});

async function rejects(call: () => Promise<unknown>, message: RegExp): Promise<void> {
	const thrown: unknown = await call().then(
		() => undefined,
		(reason: unknown) => reason,
	);
	assert.match(String(thrown), message);
}

test("stops before the next host when its caller goes away", async () => {
	const three = await rig();
	const abort = new AbortController();
	three.hosts[1].fault = ({ kind }) => {
		if (kind === "reload") abort.abort();
		return undefined;
	};
	assert.equal((await rolled(three, { signal: abort.signal })).slice(3), ["reloading b", "reloaded b 2", "stopped: a 1, b 2, c 1"]);
});

test.run();
