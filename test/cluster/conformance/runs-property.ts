import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { newRunId } from "../../../src/cluster/run-id.ts";
import type { RunToken, SharedRuns } from "../../../src/cluster/runs.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { submission } from "./runs.ts";
import { RunsModel } from "./runs-model.ts";

/** An empty queue of runs, and its time. */
export interface ModelledRuns {
	readonly runs: SharedRuns;
	/** Moves the time by `ms` milliseconds. */
	pass(ms: number): Promise<void>;
	close(): Promise<void>;
}

const index = fc.nat(30);

const command = fc.oneof(
	fc.record({
		type: fc.constant("submit" as const),
		guest: fc.constantFrom("a", "b", "c"),
		weight: fc.constantFrom(1, 2, 3),
		priority: fc.constantFrom(0, 5, 9),
		delayMs: fc.constantFrom(0, 0, 0, 100),
		deadlineMs: fc.constantFrom(undefined, undefined, 300),
		maxAttempts: fc.constantFrom(1, 2, 3),
		idempotencyKey: fc.constantFrom(undefined, undefined, undefined, "k"),
	}),
	fc.record({ type: fc.constant("take" as const), most: fc.integer({ min: 1, max: 3 }), leaseMs: fc.constantFrom(50, 1_000) }),
	fc.record({
		type: fc.constant("finish" as const),
		index,
		state: fc.constantFrom("completed" as const, "failed" as const, "failed" as const, "cancelled" as const),
		retryInMs: fc.constantFrom(undefined, 0, 100),
	}),
	...(["release", "cancel", "retry", "append"] as const).map((type) => fc.record({ type: fc.constant(type), index })),
	fc.record({ type: fc.constant("renew" as const), index, leaseMs: fc.constantFrom(50, 1_000) }),
	fc.record({ type: fc.constant("pass" as const), ms: fc.constantFrom(10, 50, 100, 300, 70_000) }),
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

/** Runs random commands on a queue and on its model. After each command, all runs and counts must be the same. */
export async function checkRunsModel(open: () => Promise<ModelledRuns>, numRuns: number): Promise<void> {
	await fc.assert(
		fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 60 }), async (commands) => {
			const queue = await open();
			const comparison = new Comparison(queue);
			try {
				for (const each of commands) {
					await comparison.apply(each);
					await comparison.check();
				}
			} finally {
				await queue.close();
			}
		}),
		{ numRuns },
	);
}

class Comparison {
	readonly #queue: ModelledRuns;
	readonly #model = new RunsModel();
	readonly #ids: string[] = [];
	readonly #attempts: { readonly token: RunToken; readonly owner: number }[] = [];

	constructor(queue: ModelledRuns) {
		this.#queue = queue;
	}

	async apply(step: Command): Promise<void> {
		const { runs } = this.#queue;
		const model = this.#model;
		if (step.type === "pass") {
			model.now += step.ms;
			return this.#queue.pass(step.ms);
		}
		if (step.type === "submit") {
			const { type: _, deadlineMs, idempotencyKey, ...rest } = step;
			const sent = submission({
				...{ id: newRunId("news"), maxPending: 3, ...rest },
				...(deadlineMs === undefined ? {} : { deadlineMs }),
				...(idempotencyKey === undefined ? {} : { idempotencyKey }),
			});
			const expected = model.submit(sent);
			const found = await runs.submit(sent).catch((thrown) => assert.is(thrown instanceof SpearError && thrown.code, "rate_limited"));
			assert.is(found?.id, expected);
			this.#ids.push(sent.id);
			return;
		}
		if (step.type === "take") {
			const taken = await runs.take("w", [{ agent: "news", maxRunning: 3, most: 9 }], step.most, step.leaseMs);
			for (let count = 0; count < step.most; count += 1) {
				const expected = model.take(step.leaseMs);
				const found = taken[count];
				assert.equal([found?.id, found?.attempt], [expected?.submission.id, expected?.attempt]);
				if (found !== undefined) this.#attempts.push({ token: found, owner: expected?.owner ?? 0 });
			}
			return;
		}
		if (step.type === "cancel" || step.type === "retry") {
			const id = this.#ids[step.index % this.#ids.length];
			if (id === undefined) return;
			const run = model.find(id);
			if (step.type === "retry") assert.is(await runs.retry(id), run !== undefined && model.retry(run));
			else {
				assert.is(await runs.cancel(id), run?.state);
				if (run !== undefined) model.cancel(run);
			}
			return;
		}
		const attempt = this.#attempts[step.index % this.#attempts.length];
		if (attempt === undefined) return;
		const { token, owner } = attempt;
		const run = model.find(token.id);
		const isHeld = run !== undefined && model.holds(run, owner);
		if (step.type === "append") {
			assert.is(await runs.append(token, [Buffer.from("event")]), isHeld);
			if (isHeld) run.events += 1;
		} else if (step.type === "renew") {
			assert.equal(await runs.renew([token], step.leaseMs), [isHeld ? (run.cancelRequested ? "cancelled" : "held") : "lost"]);
			if (isHeld) run.until = model.now + step.leaseMs;
		} else if (step.type === "release") {
			await runs.release(token);
			if (run !== undefined) model.release(run, owner);
		} else if (step.type === "finish") {
			const outcome = {
				...{ state: step.state, content: Buffer.from(`${owner}`) },
				...(step.retryInMs === undefined ? {} : { retryInMs: step.retryInMs }),
			};
			assert.is(await runs.finish(token, outcome), run === undefined ? undefined : model.finish(run, owner, outcome));
		}
	}

	async check(): Promise<void> {
		const { runs } = this.#queue;
		this.#model.tidy();
		const [counts] = await runs.counts(["news"]);
		const numberIn = (...states: readonly string[]) => this.#model.runs.filter(({ state }) => states.includes(state)).length;
		assert.equal(
			[counts?.waiting, counts?.running, counts?.poisoned],
			[numberIn("queued", "delayed"), numberIn("running"), numberIn("poisoned")],
		);
		for (const id of this.#ids) {
			const expected = this.#model.find(id);
			const found = await runs.status(id);
			assert.equal(
				[found?.state, found?.attempt, found?.cancelRequested, found?.outcome && Buffer.from(found.outcome).toString()],
				[expected?.state, expected?.attempt, expected?.cancelRequested, expected?.outcome],
			);
			assert.is((await runs.events(id, "", 10_000))?.events.length, expected?.events);
		}
		const listed = await runs.list("news", { most: 100 });
		assert.equal(
			listed.map(({ id }) => id),
			this.#model.runs.map(({ submission: { id } }) => id).reverse(),
		);
	}
}
