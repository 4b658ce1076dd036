import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Agent, createHost, GuestError, type Host, SpearError } from "../../../src/index.ts";
import { assemble } from "../../helpers/guest.ts";
import { plainComponent } from "../../helpers/guest-components.ts";
import { emitsTexts } from "../../helpers/output-guests.ts";

const QUIET = { host: { log_level: "silent" as const } };

const test = suite<{ emits: Uint8Array; traps: Uint8Array; loops: Uint8Array }>("submitted runs of a host alone");

test.before(async (context) => {
	context.emits = await assemble(emitsTexts(3, 1));
	context.traps = await assemble(plainComponent("unreachable"));
	context.loops = await assemble(plainComponent("(loop $again (br $again)) i32.const 0"));
});

async function hostWith(source: Uint8Array, config: object = {}): Promise<{ readonly host: Host; readonly agent: Agent }> {
	const host = await createHost({ config: { ...QUIET, ...config } });
	return { host, agent: await host.load(source) };
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
	return promise.then(
		(value) => value,
		(thrown: unknown) => thrown,
	);
}

test("a run waits until the host works, and its output and answer are there then", async ({ emits }) => {
	const { host, agent } = await hostWith(emits);
	const run = await host.submit("news", "Bern");
	assert.equal([(await run.status()).state, run.isNew, host.runs.isShared], ["queued", true, false]);
	const worker = host.work({ news: agent });
	let text = "";
	for await (const { event } of run.events()) if (event.type === "text") text += event.text;
	assert.equal([text, await run.result()], ["abc", "ok"]);
	const { state, answer, attempt, worker: name, guest } = await run.status();
	assert.equal([state, answer, attempt, name, guest], ["completed", "ok", 1, undefined, undefined]);
	assert.is(worker.counts.completed, 1);
	await host.close();
});

test("the failure of a guest is the error of the result, with its class", async ({ traps }) => {
	const { host, agent } = await hostWith(traps);
	host.work({ news: agent });
	const thrown = await failure((await host.submit("news", "")).result());
	assert.equal([thrown instanceof GuestError && thrown.failure, (await host.runs.list("news"))[0]?.state], ["trapped", "failed"]);
	await host.close();
});

test("a run in progress is cancelled, and the limits of the submission hold", async ({ loops }) => {
	const { host, agent } = await hostWith(loops);
	host.work({ news: agent });
	const run = await host.submit("news", "");
	while ((await run.status()).state === "queued") await new Promise((resolve) => setImmediate(resolve));
	assert.is(await run.cancel(), "running");
	const cancelled = await failure(run.result());
	assert.is(cancelled instanceof SpearError && cancelled.code, "cancelled");
	const slow = await failure((await host.submit("news", "", { timeoutMs: 30, maxAttempts: 1 })).result());
	assert.is(slow instanceof SpearError && slow.code, "timeout");
	const hungry = await failure((await host.submit("news", "", { cpuMs: 20 })).result());
	assert.is(hungry instanceof GuestError && hungry.failure, "over_budget");
	await host.close();
});

test("the close of a host ends its worker, its readers and its waiting results", async ({ loops }) => {
	const { host, agent } = await hostWith(loops);
	host.work({ news: agent });
	const run = await host.submit("news", "");
	const [result, next] = [failure(run.result()), failure(run.events().next())];
	await host.close();
	for (const ended of [await result, await next]) assert.is(ended instanceof SpearError && ended.code, "cancelled");
	assert.is(await failure(host.submit("news", "")).then((thrown) => thrown instanceof SpearError && thrown.code), "cancelled");
});

test("options outside their ranges are refused with their names", async ({ emits }) => {
	const { host, agent } = await hostWith(emits);
	const cases: [options: object, message: RegExp][] = [
		[{ priority: 10 }, /^priority: /],
		[{ delayMs: 0.5 }, /^delayMs: /],
		[{ deadlineMs: 100, delayMs: 100 }, /^deadlineMs: /],
		[{ maxAttempts: 101 }, /^maxAttempts: /],
		[{ idempotencyKey: "" }, /^idempotencyKey: /],
		[{ traceparent: "nonsense" }, /^traceparent: /],
	];
	for (const [options, message] of cases)
		assert.match(String(await failure(host.submit("news", "", options))), message.source.replace("^", ""));
	assert.match(String(await failure(host.submit("a/b", ""))), "agent: it must be a name");
	assert.throws(() => host.work({ news: agent }, { runs: 0 }), /runs: it must be a whole number from 1 to 10000/);
	assert.match(String(await failure(host.runs.get(`news.${"x".repeat(24)}`).status())), "there is no run news.x");
	await host.close();
});

test("no more runs of a guest wait than [runs] permits", async ({ emits }) => {
	const { host } = await hostWith(emits, { runs: { max_pending: 2 } });
	await host.submit("news", "", { guest: "anna" });
	await host.submit("news", "", { guest: "anna" });
	const refused = await failure(host.submit("news", "", { guest: "anna" }));
	assert.is(refused instanceof SpearError && refused.code, "rate_limited");
	assert.ok((await host.submit("news", "", { guest: "ben" })).isNew);
	assert.equal(await host.runs.counts(["news"]), [
		{ waiting: 3, running: 0, poisoned: 0, oldestMs: (await host.runs.counts(["news"]))[0]?.oldestMs },
	]);
	await host.close();
});

test.run();
