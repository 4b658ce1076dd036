import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RedisStore } from "../../../src/cluster/redis/redis-store.ts";
import { newRunId } from "../../../src/cluster/run-id.ts";
import type { RunSubmission, SharedRuns, TakenRun } from "../../../src/cluster/runs.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";
import { NEWS, submission } from "../conformance/runs.ts";
import { ClockedRuns } from "./clocked-runs.ts";

/** Name of a command, and its arguments. */
type Command = readonly [name: string, ...args: (string | Buffer)[]];

const LEASE_MS = 1_000;
const COMPLETED = { state: "completed", content: Buffer.from("answer") } as const;

/** Prefix of the keys of the agent `news`. */
const BASE = "t:1:{runs:news}:";

async function storeOn(server: RedisServer, { prefix = "t", replicas = 0, timeoutMs = 2_000 } = {}): Promise<RedisStore & AsyncDisposable> {
	const store = await connectedStore(server.url, prefix, { replicas, timeoutMs });
	return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

async function submitRun(runs: SharedRuns, change: Partial<RunSubmission> = {}): Promise<string> {
	return (await runs.submit(submission(change))).id;
}

async function takeRun(runs: SharedRuns, leaseMs = LEASE_MS): Promise<TakenRun> {
	const [run] = await runs.take("w", [NEWS], 1, leaseMs);
	if (run === undefined) throw new Error("there is no run to take");
	return run;
}

async function failureOf(call: Promise<unknown>): Promise<StoreError> {
	try {
		await call;
	} catch (thrown) {
		if (thrown instanceof StoreError) return thrown;
		throw thrown;
	}
	throw new Error("the call did not fail");
}

/** Returns the names of all keys of the server, that of the test's time excepted. */
async function keysOf({ connection }: ClockedRuns): Promise<string[]> {
	const names = await connection.command("KEYS", "*");
	assert.ok(Array.isArray(names));
	return names.map(String).filter((name) => name !== "clock");
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	const server = await RedisServer.start({ args: ["--repl-diskless-sync-delay", "0"] });
	test.after(() => server[Symbol.asyncDispose]());
	test.before.each(async () => {
		await server.command("FLUSHALL");
	});

	test("two workers finish each run once when one of them stops with runs in progress", async () => {
		using runs = await ClockedRuns.open(server);
		const ids = await Promise.all(Array.from({ length: 20 }, () => submitRun(runs)));
		const stopped = await runs.take("stopped", [NEWS], 5, LEASE_MS);
		await runs.pass(LEASE_MS);
		const taken = await runs.take("other", [NEWS], 100, LEASE_MS);
		assert.equal(
			taken.slice(0, 5).map(({ id, attempt }) => [id, attempt]),
			stopped.map(({ id }) => [id, 2]),
		);
		const late = await Promise.all(stopped.map((run) => runs.finish(run, { ...COMPLETED, content: Buffer.from("late") })));
		assert.equal(late, Array(5).fill(undefined));
		const finished = await Promise.all(taken.map((run) => runs.finish(run, COMPLETED)));
		assert.equal(finished, Array(20).fill("completed"));
		for (const id of ids) assert.is(Buffer.from((await runs.status(id))?.outcome ?? []).toString(), "answer");
	});

	test("all keys of an agent have its hash tag, and no key stays after the runs are forgotten", async () => {
		using runs = await ClockedRuns.open(server);
		const change = { maxAttempts: 1, keepMs: 50_000, deadlineMs: 90_000, idempotencyKey: "k" };
		for (const guest of ["a", "b:c"]) await submitRun(runs, { ...change, guest });
		await submitRun(runs, { delayMs: 10 });
		const run = await takeRun(runs);
		await runs.append(run, [Buffer.from("event")]);
		await runs.finish(run, { state: "failed", content: Buffer.from("busy"), retryInMs: 0 });
		const waiting = await keysOf(runs);
		assert.ok(waiting.length > 10);
		for (const name of waiting) assert.ok(name.startsWith(BASE), name);
		await runs.pass(20);
		for (const other of await runs.take("w", [NEWS], 9, LEASE_MS)) await runs.finish(other, COMPLETED);
		for (const name of await keysOf(runs)) assert.ok(Number(await runs.connection.command("PTTL", name)) > 0, `${name} never expires`);
		await runs.pass(60_000);
		await runs.counts(["news"]);
		const kept = (await keysOf(runs)).filter((name) => !name.includes(":once:")); // Expires by the real time.
		assert.equal(kept.sort(), [`${BASE}served`, `${BASE}state`]);
	});

	test("a call needs as many steps with a long queue as with a short one", async () => {
		using runs = await ClockedRuns.open(server);
		const steps: number[] = [];
		for (const count of [5, 1_000]) {
			await Promise.all(Array.from({ length: count }, (_, index) => submitRun(runs, { guest: `guest ${index % 20}` })));
			await runs.connection.command("CONFIG", "RESETSTAT");
			const run = await takeRun(runs, 60_000);
			await runs.renew([run], 60_000);
			await runs.append(run, [Buffer.from("event")]);
			await runs.finish(run, COMPLETED);
			await submitRun(runs, { guest: run.guest });
			const calls = (await server.command("INFO commandstats")).matchAll(/^cmdstat_(?!info|publish|config|ping)[^:]+:calls=(\d+)/gm);
			steps.push([...calls].reduce((sum, [, number]) => sum + Number(number), 0));
		}
		const [short = 0, long = 0] = steps;
		assert.ok(short > 50 && long <= short + 4, `${short} steps, and ${long} with a long queue`);
	});

	test("a call moves a bounded number of runs that are due, and further calls move the others", async () => {
		using runs = await ClockedRuns.open(server);
		await Promise.all(Array.from({ length: 80 }, () => submitRun(runs, { delayMs: 10 })));
		await runs.pass(20);
		const left: unknown[] = [];
		for (let call = 0; call < 3; call += 1) {
			await takeRun(runs, 60_000);
			left.push(await runs.connection.command("ZCARD", `${BASE}delayed`));
		}
		assert.equal(left, [48, 16, 0]);
	});

	test("deployments with different prefixes share no run", async () => {
		await using one = await storeOn(server, { prefix: "one" });
		await using other = await storeOn(server, { prefix: "other" });
		const id = await submitRun(one.runs);
		assert.equal([await other.runs.status(id), await other.runs.take("w", [NEWS], 1, LEASE_MS)], [undefined, []]);
	});

	test("the input, the guest's idempotency key and the outcome are in no name of a key", async () => {
		using runs = await ClockedRuns.open(server);
		await submitRun(runs, { idempotencyKey: "order of Alice", input: Buffer.from("dear Bob") });
		await runs.finish(await takeRun(runs), COMPLETED);
		for (const name of await keysOf(runs)) assert.not.match(name, /Alice|Bob|answer/);
	});

	test("runs go on when the server's clock is set back", async () => {
		using runs = await ClockedRuns.open(server);
		await submitRun(runs);
		const dead = await takeRun(runs);
		await runs.pass(-86_400_000);
		const id = await submitRun(runs);
		const run = await takeRun(runs);
		assert.is(run.id, id);
		await runs.append(run, [Buffer.from("a")]);
		await runs.pass(-1_000);
		await runs.append(run, [Buffer.from("b")]);
		assert.equal((await runs.events(id, "", 100))?.events.length, 2);
		assert.is(await runs.finish(run, COMPLETED), "completed");
		await runs.pass(61_000);
		assert.is((await takeRun(runs)).id, dead.id);
	});

	test("waiting, running and ended runs are there after the server was killed", async () => {
		await using durable = await RedisServer.start({ durable: true });
		await using store = await storeOn(durable);
		const { runs } = store;
		for (const _ of [1, 2, 3]) await submitRun(runs);
		const [ended, running] = await runs.take("w", [NEWS], 2, 60_000);
		if (ended === undefined || running === undefined) throw new Error("there are no runs to take");
		await runs.finish(ended, COMPLETED);
		await durable.kill();
		assert.is((await failureOf(runs.counts(["news"]))).reason, "unreachable");
		const reachable = new Promise<void>((resolve) => {
			store.connection.onChange((state) => state.reachable && resolve());
		});
		await durable.start();
		await reachable;
		const [counts] = await runs.counts(["news"]);
		assert.equal([counts?.waiting, counts?.running, (await runs.status(ended.id))?.state], [1, 1, "completed"]);
		assert.is(await runs.finish(running, COMPLETED), "completed");
	});

	test("a full server refuses submissions and events whole, and runs in progress end all the same", async () => {
		using runs = await ClockedRuns.open(server);
		await submitRun(runs, { maxAttempts: 9 });
		await submitRun(runs);
		const run = await takeRun(runs);
		await runs.connection.command("CONFIG", "SET", "maxmemory", "1");
		try {
			const before = await keysOf(runs);
			const refused = submission({ idempotencyKey: "k" });
			assert.is((await failureOf(runs.submit(refused))).reason, "full");
			assert.is((await failureOf(runs.append(run, [Buffer.from("e")]))).reason, "full");
			assert.equal([await runs.status(refused.id), (await keysOf(runs)).sort()], [undefined, before.sort()]);
			assert.equal(await runs.renew([run], LEASE_MS), ["held"]);
			assert.is(await runs.finish(run, { state: "failed", content: Buffer.from("busy"), retryInMs: 0 }), "queued");
			const again = await takeRun(runs);
			await runs.release(again);
			for (const _ of [1, 2]) assert.is(await runs.finish(await takeRun(runs), COMPLETED), "completed");
			assert.equal((await runs.counts(["news"]))[0], { waiting: 0, running: 0, poisoned: 0, oldestMs: 0 });
		} finally {
			await runs.connection.command("CONFIG", "SET", "maxmemory", "0");
		}
	});

	test("a submission and an outcome fail until the replicas hold them, and a repeated call is harmless", async () => {
		await using replica = await RedisServer.start({ args: ["--replicaof", "127.0.0.1", `${server.port}`] });
		while (!(await replica.command("INFO replication")).includes("master_link_status:up"))
			await new Promise((resolve) => setTimeout(resolve, 10));
		await using patient = await storeOn(server, { replicas: 1, timeoutMs: 20_000 });
		await using brief = await storeOn(server, { replicas: 1, timeoutMs: 1_000 });
		const { runs } = patient;
		const sent = submission();
		await Promise.all([...Array(20).keys()].map(() => submitRun(runs)));
		const run = await takeRun(runs, 60_000);
		replica.freeze();
		const failures = await Promise.all([failureOf(brief.runs.submit(sent)), failureOf(brief.runs.finish(run, COMPLETED))]);
		for (const { reason, mayHaveRun } of failures) assert.equal([reason, mayHaveRun], ["unreachable", true]);
		replica.thaw();
		assert.equal(await runs.submit(sent), { id: sent.id, isNew: false });
		assert.is(await runs.finish(run, COMPLETED), "completed");
		assert.match(await replica.command(`HGET ${BASE}run:${run.id} state`), "completed");
	});

	const foreignRuns: readonly (readonly [name: string, commands: (id: string) => readonly Command[]])[] = [
		["a text in its place", (id) => [["SET", `${BASE}run:${id}`, "x"]]],
		["a state of another version", (id) => [["HSET", `${BASE}run:${id}`, "state", "paused"]]],
		["a number that is none", (id) => [["HSET", `${BASE}run:${id}`, "weight", "1e400"]]],
		["a huge member", (id) => [["HSET", `${BASE}run:${id}`, "worker", Buffer.alloc(4 * 2 ** 20)]]],
		["a missing member", (id) => [["HDEL", `${BASE}run:${id}`, "guest"]]],
		[
			"many members",
			(id) => [
				["HSET", `${BASE}run:${id}`, ...Array.from({ length: 400 }, (_, index) => `${index}`)],
				["HSET", `${BASE}run:${id}`, "attempts", "-1"],
			],
		],
	];
	for (const [name, commands] of foreignRuns)
		test(`a run with ${name} is refused, and the runs behind it go on`, async () => {
			using runs = await ClockedRuns.open(server);
			const ids = [await submitRun(runs), await submitRun(runs, { delayMs: 10 }), await submitRun(runs, { deadlineMs: 10 })];
			const last = await submitRun(runs, { priority: 0 });
			for (const id of ids) for (const [command, ...args] of commands(id)) await runs.connection.command(command, ...args);
			await runs.pass(20);
			assert.is((await takeRun(runs)).id, last);
			for (const id of ids) {
				assert.is((await failureOf(runs.status(id))).reason, "invalid_value");
				assert.is((await failureOf(runs.cancel(id))).reason, "invalid_value");
				assert.is((await failureOf(runs.events(id, "", 10))).reason, "invalid_value");
			}
			assert.equal(
				(await runs.list("news", { most: 9 })).map(({ id }) => id),
				[last],
			);
			assert.equal((await runs.counts(["news"]))[0]?.waiting, 0);
			await runs.pass(2 * 86_400_000);
			await runs.counts(["news"]);
			assert.equal(
				(await keysOf(runs)).filter((key) => ids.some((id) => key.endsWith(id))),
				[],
			);
		});

	test("a run with a foreign input ends as poisoned, and one whose content is gone too", async () => {
		using runs = await ClockedRuns.open(server);
		const ids = [await submitRun(runs), await submitRun(runs), await submitRun(runs)];
		await runs.connection.command("DEL", `${BASE}input:${ids[0]}`);
		await runs.connection.command("DEL", `${BASE}input:${ids[1]}`);
		await runs.connection.command("RPUSH", `${BASE}input:${ids[1]}`, "x");
		assert.is((await takeRun(runs)).id, ids[2]);
		for (const id of ids.slice(0, 2)) assert.is((await runs.status(id))?.state, "poisoned");
	});

	test("foreign entries of a queue are removed, and a queue that another program replaced is made again", async () => {
		using runs = await ClockedRuns.open(server);
		const { connection } = runs;
		const ids = [await submitRun(runs), await submitRun(runs)];
		await connection.command("ZADD", `${BASE}queue:g`, "-1", "stray", "-1", newRunId("news"));
		await connection.command("ZADD", `${BASE}turns`, "-inf", "nobody", "-5", "x".repeat(1_000));
		await connection.command("ZADD", `${BASE}delayed`, "0", "stray", "0", Buffer.alloc(10_000));
		await connection.command("ZADD", `${BASE}running`, "0", "stray");
		assert.is((await takeRun(runs)).id, ids[0]);
		await connection.command("SET", `${BASE}queue:g`, "x");
		assert.is((await takeRun(runs)).id, ids[1]);
		assert.equal((await runs.counts(["news"]))[0], { waiting: 0, running: 2, poisoned: 0, oldestMs: 0 });
	});

	test("a foreign value at a key of a whole agent is told, and the runs of other agents go on", async () => {
		using runs = await ClockedRuns.open(server);
		await submitRun(runs);
		const mail = await submitRun(runs, { agent: "mail" });
		await runs.connection.command("SET", `${BASE}running`, "x");
		const taken = await runs.take("w", [NEWS, { ...NEWS, agent: "mail" }], 9, LEASE_MS);
		assert.equal(
			taken.map(({ id }) => id),
			[mail],
		);
		const failure = await failureOf(runs.take("w", [NEWS], 9, LEASE_MS));
		assert.equal([failure.reason, failure.message.includes(`${BASE}running`)], ["invalid_value", true]);
		assert.is((await failureOf(runs.submit(submission()))).reason, "invalid_value");
		assert.is(
			(
				await failureOf(
					runs.renew(
						taken.map((run) => ({ ...run, id: newRunId("news") })),
						10,
					),
				)
			).reason,
			"invalid_value",
		);
	});

	test("foreign events, outcomes and idempotency keys are refused", async () => {
		using runs = await ClockedRuns.open(server);
		const { connection } = runs;
		const id = await submitRun(runs, { maxEventBytes: 1_000 });
		const run = await takeRun(runs);
		const events = `${BASE}events:${id}`;
		await connection.command("XADD", events, "5-1", "other", "x");
		assert.is((await failureOf(runs.events(id, "", 10))).reason, "invalid_value");
		assert.is((await failureOf(runs.append(run, [Buffer.from("e")]))).reason, "invalid_value");
		await connection.command("DEL", events);
		await connection.command("XADD", events, "1-1", "a", "1", "c", Buffer.alloc(4 * 2 ** 20));
		assert.is((await failureOf(runs.events(id, "", 10))).reason, "invalid_value");
		await connection.command("SET", events, "x");
		assert.is((await failureOf(runs.append(run, [Buffer.from("e")]))).reason, "invalid_value");
		await runs.finish(run, COMPLETED);
		for (const size of [0, 17 * 2 ** 20]) {
			await connection.command("DEL", `${BASE}outcome:${id}`);
			if (size === 0) await connection.command("RPUSH", `${BASE}outcome:${id}`, "x");
			else await connection.command("SETRANGE", `${BASE}outcome:${id}`, size, "x");
			assert.is((await failureOf(runs.status(id))).reason, "invalid_value");
		}
		await submitRun(runs, { idempotencyKey: "k" });
		const [once = ""] = (await keysOf(runs)).filter((name) => name.includes(":once:"));
		await connection.command("SET", once, Buffer.alloc(10_000));
		assert.is((await runs.submit(submission({ idempotencyKey: "k" }))).isNew, true);
	});

	test("notifications of another form are left out", async () => {
		await using store = await storeOn(server);
		const changes: string[] = [];
		const known = newRunId("news");
		const arrived = new Promise<void>((resolve) => {
			store.runs.onChange(({ type, id }) => {
				changes.push(`${type} ${id}`);
				resolve();
			});
		});
		const hostile = [
			"{",
			"5",
			"null",
			'[["queued"]]',
			'["x"]',
			`[["other","${known}"],["queued",5],["ended","no"]]`,
			" ".repeat(2 ** 20 + 1),
		];
		while ((await store.connection.command("PUBLISH", "t:1:runs", "[]")) !== 1) await new Promise((resolve) => setTimeout(resolve, 5));
		for (const message of [...hostile, `[["ended","${known}"]]`]) await store.connection.command("PUBLISH", "t:1:runs", message);
		await arrived;
		assert.equal(changes, [`ended ${known}`]);
	});
}

test.run();
