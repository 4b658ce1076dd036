import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Agent, type Config, type Host, SpearError } from "../../src/index.ts";
import { settled } from "../helpers/fake-clock.ts";
import { assemble, scratch } from "../helpers/guest.ts";
import { plainComponent } from "../helpers/guest-components.ts";
import { createHost } from "../helpers/isolation.ts";

const test = suite<{ component: Uint8Array }>("agent runs");

test.before(async (context) => {
	context.component = await assemble(plainComponent("(call $answer)"));
});

function configOf(more: Config["host"]): Config {
	return { host: { cache_dir: scratch(), log_level: "silent", ...more } };
}

async function started(component: Uint8Array, more: Config["host"] = {}): Promise<{ host: Host; agent: Agent }> {
	const host = await createHost({ config: configOf(more), env: {} });
	return { host, agent: await host.load(component) };
}

async function failure(promise: Promise<unknown>): Promise<string> {
	return promise.then(
		() => "none",
		(error: unknown) => (error instanceof SpearError ? `${error.code}: ${error.message}` : String(error)),
	);
}

test("the event loop has a turn between the starts of runs that begin together", async ({ component }) => {
	const { host, agent } = await started(component);
	let turns = 0;
	let done = false;
	const count = (): void => {
		turns += 1;
		if (!done) setImmediate(count);
	};
	setImmediate(count);
	const answers = await Promise.all(Array.from({ length: 50 }, () => agent.run("")));
	done = true;
	assert.equal(new Set(answers), new Set(["ok"]));
	// On a busy machine a start can outlast the longest turn. Its timer then begins the next start, and the loop turns once for both.
	assert.ok(turns >= 25, `${turns} turns`);
	await host.close();
});

test("a thousand runs at once succeed by default, with no more instances than max_running", async ({ component }) => {
	const { host, agent } = await started(component, { max_running: 8 });
	assert.is((await Promise.all(Array.from({ length: 1_000 }, () => agent.run("")))).length, 1_000);
	await host.close();
});

test("an instance counts until it is closed, and a run waits for it", async ({ component }) => {
	const { host, agent } = await started(component, { max_running: 1 });
	const instance = await agent.instantiate();
	assert.is(await instance.run(""), "ok");
	let answered = false;
	const run = agent.run("").then(() => {
		answered = true;
	});
	for (let turn = 0; turn < 5; turn += 1) await settled();
	assert.not(answered);
	await instance.close();
	await instance.close();
	await run;
	assert.is(await failure(instance.run("")), "invalid_request: the instance is closed; instantiate the agent again");
	await host.close();
});

test("a run beyond max_pending_runs is refused with the name of the setting", async ({ component }) => {
	const { host, agent } = await started(component, { max_running: 1, max_pending_runs: 0 });
	const instance = await agent.instantiate();
	assert.match(await failure(agent.run("")), /^rate_limited: .*max_pending_runs of \[host\]/);
	await instance.close();
	assert.is(await agent.run(""), "ok");
	await host.close();
});

test("a time limit and a closed agent end the wait of a run", async ({ component }) => {
	const { host, agent } = await started(component, { max_running: 1 });
	const other = await host.load(component);
	const instance = await agent.instantiate();
	const limit = new AbortController();
	const late = failure(other.run("", { signal: limit.signal }));
	limit.abort(new DOMException("too late", "TimeoutError"));
	assert.match(await late, /^timeout: /);
	const waiting = failure(other.run(""));
	await other.close();
	assert.is(await waiting, "cancelled: the agent is closed");
	assert.is(await failure(other.run("")), "cancelled: the agent is closed");
	await instance.close();
	await host.close();
});

test("a closing host cancels the runs that wait, and refuses one that starts meanwhile", async ({ component }) => {
	const { host, agent } = await started(component, { max_running: 1 });
	await agent.instantiate();
	const waiting = failure(agent.run(""));
	const closed = host.close();
	const late = failure(agent.run(""));
	await closed;
	assert.is(await waiting, "cancelled: the host is closing");
	assert.is(await late, "cancelled: the host is closing");
});

test("runs that start while their agent closes leave no instance behind", async ({ component }) => {
	const { host, agent } = await started(component, { max_running: 1 });
	const starting = failure(agent.instantiate());
	await Promise.resolve();
	await agent.close();
	assert.is(await starting, "cancelled: the agent is closed");
	const other = await host.load(component);
	assert.is(await other.run(""), "ok");
	await host.close();
});

test("a reload applies the limits at once", async ({ component }) => {
	const { host, agent } = await started(component, { max_running: 1 });
	const instance = await agent.instantiate();
	const run = agent.run("");
	const { needRestart } = await host.reload(configOf({ max_running: 2 }));
	assert.equal(needRestart, []);
	assert.is(await run, "ok");
	await instance.close();
	await host.close();
});

test("options of a run that would have no effect are refused by name", async ({ component }) => {
	const { host, agent } = await started(component);
	for (const ms of [0, -1, Number.NaN]) {
		assert.is(
			await failure(agent.run("", { timeoutMs: ms })),
			`invalid_request: timeoutMs: it must be a number of milliseconds above 0, and is ${ms}`,
		);
	}
	const inWorker = await host.load(component, { isolation: "worker" });
	assert.match(
		await failure(inWorker.run("", { profiler: { capture() {} } })),
		/^invalid_request: profiler: a guest in a worker cannot be profiled/,
	);
	const isolation: "worker" = JSON.parse('"wroker"');
	assert.is(await failure(host.load(component, { isolation })), 'invalid_request: isolation: it must be "shared" or "worker"');
	await host.close();
});

test.run();
