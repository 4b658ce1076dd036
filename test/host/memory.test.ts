import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Agent, type Config, createHost, type Host, SpearError } from "../../src/index.ts";
import { buildTestGuest, scratch } from "../helpers/guest.ts";

/**
 * A guest that takes as many MB as its input says, with a hostcall after each, and then answers how many it has. The input `silent` takes
 * memory for ever, without a hostcall. Stops when a hostcall fails, and when its own memory is full.
 */
const HUNGRY_GUEST = `
import { complete } from "spear:ai/cchat@0.1.0";
const request = { messages: [{ role: "user", content: [{ tag: "text", val: "hello" }], toolCalls: [] }], tools: [] };
const kept = [];
export const run = (input) => {
	if (input === "silent") for (;;) kept.push(new Uint8Array(1 << 16).fill(1));
	try {
		for (let count = Number(input); count > 0; count -= 1) {
			kept.push(new Uint8Array(1 << 20).fill(1));
			complete(request, null);
		}
	} catch (error) {
		if (error.payload !== undefined) throw { tag: "hostcall", val: error.payload };
	}
	return String(kept.length);
};
`;

const MB = 1 << 20;

const test = suite<{ path: string }>("memory of guests");

test.before(async (context) => {
	context.path = (await buildTestGuest(HUNGRY_GUEST)).prepared;
});

async function started(path: string, more: Partial<Config> = {}): Promise<{ host: Host; agent: Agent }> {
	const host = await createHost({
		config: { ...more, host: { cache_dir: scratch(), log_level: "silent", ...more.host } },
		env: {},
	});
	return { host, agent: await host.load(path, { guest: "hungry" }) };
}

async function outcome(run: Promise<string>): Promise<string> {
	return run.catch((error: unknown) => (error instanceof SpearError ? `${error.code}: ${error.message}` : String(error)));
}

test("the host reports the memory of each guest by kind, and none after the end of its instances", async ({ path }) => {
	const { host, agent } = await started(path, { host: { max_total_memory_bytes: 500 * MB } });
	assert.equal(host.memory(), { limit: 500 * MB, used: 0, guests: [] });
	const instances = [await agent.instantiate(), await agent.instantiate()];
	const before = host.memory();
	assert.is(await instances[0]?.run("20"), "20");
	const { used, guests } = host.memory();
	assert.is(guests.length, 1);
	assert.is(guests[0]?.guest, "hungry");
	assert.is(guests[0]?.instances, 2);
	assert.is(guests[0]?.used, used);
	assert.is(guests[0]?.kinds.instance, 2 * 262_144);
	const growth = used - before.used;
	assert.ok(growth >= 19 * MB && growth < 30 * MB, `${growth} bytes`);
	assert.is(instances[1]?.memory().limit, 268_435_456 + 134_217_728);
	await Promise.all(instances.map((instance) => instance.close()));
	assert.equal(host.memory(), { limit: 500 * MB, used: 0, guests: [] });
	await host.close();
});

test("a guest that grows beyond the memory of the host ends with rate_limited, and one that does not grow goes on", async ({ path }) => {
	const { host, agent } = await started(path, { host: { max_total_memory_bytes: 80 * MB } });
	const other = await host.load(path, { guest: "modest" });
	const modest = await other.instantiate();
	assert.is(await modest.run("16"), "16");
	assert.match(await outcome(agent.run("200")), /^rate_limited: out of memory: .*max_total_memory_bytes/);
	assert.is(await modest.run("0"), "16");
	assert.is(await agent.run("1"), "1");
	assert.is(host.memory().guests.length, 1);
	await host.close();
});

test("the sum of guests that allocate to their caps stays within the limit, and the others get their memory", async ({ path }) => {
	const limit = 200 * MB;
	const { host, agent } = await started(path, { host: { max_total_memory_bytes: limit, max_memory_bytes: 64 * MB, max_running: 20 } });
	let peak = 0;
	const sampling = setInterval(() => {
		peak = Math.max(peak, host.memory().used);
	}, 1);
	const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome(agent.run("100"))));
	clearInterval(sampling);
	const full = outcomes.filter((text) => /^\d+$/.test(text));
	const ended = outcomes.filter((text) => text.startsWith("rate_limited: ") && text.includes("max_total_memory_bytes"));
	assert.is(full.length + ended.length, 20, outcomes.join("\n"));
	assert.ok(full.length >= 2, outcomes.join("\n"));
	assert.ok(
		full.every((text) => Number(text) > 40),
		outcomes.join("\n"),
	);
	assert.ok(ended.length >= 1, outcomes.join("\n"));
	assert.ok(peak > 100 * MB && peak <= limit, `${peak / MB} MB`);
	assert.is(host.memory().used, 0);
	await host.close();
});

test("a run waits for the memory of an instance that is kept, and is refused if its guest never fits", async ({ path }) => {
	const { host, agent } = await started(path, { host: { max_total_memory_bytes: 40 * MB } });
	const kept = await agent.instantiate();
	await kept.run("32");
	const waiting = outcome(agent.run("0"));
	assert.is(await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 50, "waits"))]), "waits");
	await kept.close();
	assert.is(await waiting, "0");
	await host.reload({ host: { cache_dir: scratch(), log_level: "silent", max_total_memory_bytes: MB } });
	assert.match(await outcome(agent.run("0")), /^not_permitted: .*max_total_memory_bytes/);
	await host.close();
});

test("guests that take memory without a hostcall end at a check of their meters, with the sum within the limit", async ({ path }) => {
	const limit = 100 * MB;
	const { host, agent } = await started(path, { host: { max_total_memory_bytes: limit } });
	const modest = await agent.instantiate();
	assert.is(await modest.run("8"), "8");
	const held = host.memory().used;
	const outcomes = await Promise.all([1, 2, 3].map(() => outcome(agent.run("silent"))));
	for (const text of outcomes) {
		const [, at] = /^rate_limited: out of memory: .* held (\d+) of/.exec(text) ?? [];
		assert.ok(Number(at) > held && Number(at) <= limit, text);
	}
	assert.is(await modest.run("0"), "8");
	assert.is(host.memory().used, held);
	await host.close();
});

test.run();
