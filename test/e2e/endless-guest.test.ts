import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Agent, createHost, GuestError, type Host, type HostEvent, type HostOptions, SpearError } from "../../src/index.ts";
import { ENDLESS_MEMORY, endlessGuest, endlessRealloc } from "../helpers/endless-guest.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";

/** Guests that compute for ever: each ends at its deadline, at its CPU budget and with an abort, and others go on meanwhile. */
const test = suite("endless guest");

const SETTINGS = { host: { log_level: "silent", max_memory_bytes: ENDLESS_MEMORY, max_total_memory_bytes: 8 * ENDLESS_MEMORY } } as const;
const JOBS = ["compute", "recurse", "regexp", "sort", "sort by a function", "cheap hostcall"];

async function withHost<T>(use: (host: Host, agent: Agent) => Promise<T>, config: HostOptions["config"] = SETTINGS): Promise<T> {
	const host = await createHost({ config, env: {} });
	try {
		return await use(host, await host.load((await endlessGuest()).prepared, { guest: "endless" }));
	} finally {
		await host.close();
	}
}

/** Returns the end of a run in one word. */
async function endOf(run: Promise<string>): Promise<string> {
	return run.then(
		(output) => `answered ${output}`,
		(error: unknown) => {
			if (error instanceof SpearError) return error.code;
			return error instanceof GuestError ? error.failure : String(error);
		},
	);
}

for (const job of JOBS)
	test(`a guest that does "${job}" ends at its deadline, at its CPU budget and with an abort`, () =>
		withHost(async (_, agent) => {
			let ticks = 0;
			const timer = setInterval(() => {
				ticks += 1;
			}, 1);
			const abort = new AbortController();
			const aborted = agent.run(job, { signal: abort.signal });
			const ends = Promise.all([agent.run(job, { timeoutMs: 200 }), agent.run(job, { cpuMs: 60 }), aborted].map(endOf));
			setTimeout(() => abort.abort(), 200);
			const words = await ends;
			clearInterval(timer);
			assert.equal(words, ["timeout", "over_budget", "cancelled"]);
			assert.ok(ticks > 1, `the event loop had ${ticks} turns`);
		}));

test("a guest whose realloc never returns ends within its budget where it cannot be suspended, whatever the limits", () =>
	withHost(async (host) => {
		const agent = await host.load(await endlessRealloc());
		assert.is(await endOf(agent.run("x")), "over_budget");
		assert.is(await endOf(agent.run("x", { timeoutMs: 60_000, cpuMs: 60_000 })), "over_budget");
	}));

test("a guest receives its answer while another computes", () =>
	withHost(async (_, agent) => {
		const abort = new AbortController();
		const endless = endOf(agent.run("compute", { signal: abort.signal }));
		assert.is(await agent.run("ask"), "stub: you said hello");
		abort.abort();
		assert.is(await endless, "cancelled");
	}));

test("a guest that only computes gets 100 ms of CPU time after an abort", () =>
	withHost(async (_, agent) => {
		const abort = new AbortController();
		const instance = await agent.instantiate({ signal: abort.signal });
		const run = endOf(instance.run("compute"));
		await new Promise((resolve) => setTimeout(resolve, 20));
		const before = instance.cpuMs;
		abort.abort();
		assert.is(await run, "cancelled");
		const after = instance.cpuMs - before;
		assert.ok(after > 90 && after < 700, `${after} ms`);
		await instance.close();
	}));

test("a guest ends at its deadline while it waits for an upstream, and its request is cancelled there", async () => {
	const server = await OpenAiServer.start(answer.silence());
	const backends = { up: { kind: "openai-compatible", base_url: server.baseUrl, models: ["m"] } };
	await withHost(
		async (host, agent) => {
			const instance = await agent.instantiate();
			const error = await instance.run("ask", { timeoutMs: 100 }).catch((thrown: unknown) => thrown);
			assert.instance(error, SpearError);
			assert.match(String(error), "[timeout]: the run was not complete within 100 ms, and the guest was stopped; raise run_timeout_ms");
			while (host.backends()[0]?.inFlight !== 0) await new Promise((resolve) => setImmediate(resolve));
			assert.is(await endOf(instance.run("nothing")), "invalid_request");
			await instance.close();
		},
		{ ...SETTINGS, backends },
	);
	await server.close();
});

test("limits of the configuration apply to a run that sets none", () =>
	withHost(
		async (_, agent) => {
			assert.is(await endOf(agent.run("compute")), "timeout");
			assert.is(await endOf(agent.run("compute", { timeoutMs: 60_000, cpuMs: 20 })), "over_budget");
		},
		{ ...SETTINGS, guests: { endless: { run_timeout_ms: 100 } } },
	));

test("CPU time is reported at the end of each run, and summed over the instances of an agent", () =>
	withHost(async (_, agent) => {
		const events: HostEvent[] = [];
		const ended = () => events.flatMap((event) => (event.type === "run-ended" ? [event] : []));
		const onEvent = (event: HostEvent): void => void events.push(event);
		assert.is(await endOf(agent.run("compute", { cpuMs: 50, onEvent })), "over_budget");
		assert.is(await agent.run("nothing", { onEvent }), "");
		const [stopped, answered] = ended();
		assert.instance(stopped?.error, GuestError);
		assert.ok((stopped?.cpuMs ?? 0) >= 50 && (stopped?.durationMs ?? 0) >= (stopped?.cpuMs ?? 0));
		assert.is(answered?.error, undefined);
		assert.ok((answered?.cpuMs ?? 0) > 0 && (answered?.cpuMs ?? 100) < 50);
		assert.ok(Math.abs(agent.cpuMs - ended().reduce((sum, { cpuMs }) => sum + cpuMs, 0)) < 1e-6);
		const instance = await agent.instantiate();
		await instance.run("nothing");
		const before = agent.cpuMs;
		await new Promise((resolve) => setTimeout(resolve, 50));
		assert.is(agent.cpuMs, before, "time between runs is not counted");
		await instance.close();
		assert.is(agent.cpuMs, before);
	}));

test.run();
