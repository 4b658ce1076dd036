import type { AttemptOutcome, RunState, RunSubmission } from "../../../src/cluster/runs.ts";

/** A run of the model. */
export interface ModelRun {
	readonly submission: RunSubmission;
	readonly sequence: number;
	state: RunState;
	attempt: number;
	deadline: number;
	/** Time of a delayed run, end of the lease of a running one, and time until which an ended one is kept. */
	until: number;
	/** Name of the last attempt, as the model numbers attempts. */
	owner: number | undefined;
	isFirst: boolean;
	cancelRequested: boolean;
	outcome: string | undefined;
	events: number;
}

const MAX_RUNNING = 3;

/** The rules of the queue of runs without any index: each question goes over all runs. */
export class RunsModel {
	now = 0;
	readonly runs: ModelRun[] = [];
	/** Virtual times of guests, those without runs in the queue included. */
	readonly #times = new Map<string, number>();
	readonly #waiting = new Set<string>();
	#present = 0;
	#owners = 0;

	find(id: string): ModelRun | undefined {
		return this.runs.find((run) => run.submission.id === id);
	}

	submit(submission: RunSubmission): string | undefined {
		const { guest, idempotencyKey, deadlineMs, delayMs } = submission;
		const same = this.runs.find(
			(run) => idempotencyKey !== undefined && run.submission.guest === guest && run.submission.idempotencyKey === idempotencyKey,
		);
		if (same !== undefined) return same.submission.id;
		const pending = this.runs.filter((run) => run.submission.guest === guest && (run.state === "queued" || run.state === "delayed"));
		if (pending.length >= submission.maxPending) return undefined;
		const run: ModelRun = {
			...{ submission, sequence: this.runs.length === 0 ? 0 : (this.runs.at(-1)?.sequence ?? 0) + 1, state: "delayed", attempt: 0 },
			...{ deadline: deadlineMs === undefined ? Number.POSITIVE_INFINITY : this.now + deadlineMs, until: this.now + delayMs },
			...{ owner: undefined, isFirst: false, cancelRequested: false, outcome: undefined, events: 0 },
		};
		this.runs.push(run);
		if (delayMs === 0) this.#enqueue(run, false);
		return submission.id;
	}

	/** Returns the next run that starts; `undefined` for none. */
	take(leaseMs: number): ModelRun | undefined {
		if (this.runs.filter(({ state }) => state === "running").length >= MAX_RUNNING) return undefined;
		const [guest] = [...this.#waiting].sort((one, other) => this.#time(one) - this.#time(other) || (one < other ? -1 : 1));
		const [run] = this.runs
			.filter(({ state, submission }) => state === "queued" && submission.guest === guest)
			.sort((one, other) => rank(one) - rank(other) || one.sequence - other.sequence);
		if (guest === undefined || run === undefined) return undefined;
		const time = this.#time(guest);
		this.#present = Math.max(this.#present, time);
		this.#times.set(guest, time + 1 / run.submission.weight);
		this.#owners += 1;
		Object.assign(run, {
			state: "running",
			attempt: run.attempt + 1,
			owner: this.#owners,
			until: this.now + leaseMs,
		} satisfies Partial<ModelRun>);
		this.#settle(guest);
		return run;
	}

	finish(run: ModelRun, owner: number, { state, content, retryInMs }: AttemptOutcome): RunState | undefined {
		if (run.owner !== owner) return undefined;
		if (run.state !== "running") return run.state;
		run.outcome = new TextDecoder().decode(content);
		if (state !== "failed") this.#end(run, state);
		else if (run.cancelRequested) this.#end(run, "cancelled");
		else if (this.now + (retryInMs ?? 0) >= run.deadline) this.#end(run, "expired");
		else if (retryInMs === undefined) this.#end(run, "failed");
		else if (run.attempt === run.submission.maxAttempts) this.#end(run, "poisoned");
		else if (retryInMs === 0) this.#enqueue(run, false);
		else Object.assign(run, { state: "delayed", until: this.now + retryInMs } satisfies Partial<ModelRun>);
		return run.state;
	}

	release(run: ModelRun, owner: number): void {
		if (!this.holds(run, owner)) return;
		run.attempt -= 1;
		this.#giveBack(run);
		const { guest, weight } = run.submission;
		if (run.state === "queued") this.#times.set(guest, this.#time(guest) - 1 / weight);
	}

	holds(run: ModelRun, owner: number): boolean {
		return run.state === "running" && run.owner === owner;
	}

	cancel(run: ModelRun): void {
		if (run.state === "running") run.cancelRequested = true;
		else if (run.state === "queued" || run.state === "delayed") this.#end(run, "cancelled");
	}

	retry(run: ModelRun): boolean {
		if (run.state !== "poisoned") return false;
		const { deadlineMs } = run.submission;
		const deadline = deadlineMs === undefined ? Number.POSITIVE_INFINITY : this.now + deadlineMs;
		Object.assign(run, { attempt: 0, outcome: undefined, owner: undefined, deadline } satisfies Partial<ModelRun>);
		this.#enqueue(run, false);
		return true;
	}

	/** Does what is due. */
	tidy(): void {
		const due = (states: readonly RunState[], time: "until" | "deadline") =>
			this.runs
				.filter((run) => states.includes(run.state) && run[time] <= this.now)
				.sort((one, other) => one[time] - other[time] || (one.submission.id < other.submission.id ? -1 : 1));
		for (const run of due(["completed", "failed", "cancelled", "expired", "poisoned"], "until"))
			this.runs.splice(this.runs.indexOf(run), 1);
		for (const run of due(["queued", "delayed"], "deadline")) this.#end(run, "expired");
		for (const run of due(["delayed"], "until")) this.#enqueue(run, false);
		for (const run of due(["running"], "until")) this.#giveBack(run);
	}

	#giveBack(run: ModelRun): void {
		run.owner = undefined;
		if (run.cancelRequested) this.#end(run, "cancelled");
		else if (run.deadline <= this.now) this.#end(run, "expired");
		else if (run.attempt === run.submission.maxAttempts) this.#end(run, "poisoned");
		else this.#enqueue(run, true);
	}

	#end(run: ModelRun, state: RunState): void {
		Object.assign(run, { state, until: this.now + run.submission.keepMs } satisfies Partial<ModelRun>);
		this.#settle(run.submission.guest);
	}

	#enqueue(run: ModelRun, isFirst: boolean): void {
		Object.assign(run, { state: "queued", isFirst } satisfies Partial<ModelRun>);
		const { guest } = run.submission;
		if (this.#waiting.has(guest)) return;
		const times = [...this.#waiting].map((other) => this.#time(other));
		const present = times.length === 0 ? this.#present : Math.min(...times);
		this.#times.set(guest, Math.max(present, this.#time(guest)));
		this.#waiting.add(guest);
	}

	/** Notes that a guest has no run in the queue any more. */
	#settle(guest: string): void {
		if (!this.runs.some(({ state, submission }) => state === "queued" && submission.guest === guest)) this.#waiting.delete(guest);
	}

	#time(guest: string): number {
		return this.#times.get(guest) ?? 0;
	}
}

function rank({ isFirst, submission }: ModelRun): number {
	return isFirst ? -10 : -submission.priority;
}
