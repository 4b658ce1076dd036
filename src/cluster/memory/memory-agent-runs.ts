import { randomBytes } from "node:crypto";
import { MAX_TAKEN_BYTES, tooManyPending } from "../run-bounds.ts";
import { parsePosition } from "../run-position.ts";
import { isEnd } from "../run-state.ts";
import type {
	AttemptOutcome,
	LeaseState,
	ListOptions,
	RunChange,
	RunCounts,
	RunEvents,
	RunState,
	RunStatus,
	RunSubmission,
	RunToken,
	SubmittedRun,
	TakenRun,
} from "../runs.ts";
import { EventLog } from "./event-log.ts";
import { GuestTurns } from "./guest-turns.ts";
import { type MemoryRun, statusOf } from "./memory-run.ts";
import { SortedSet } from "./sorted-set.ts";

/** Distance between the places of two priorities in a queue. */
const CLASS = 2 ** 49;

/** The runs of one agent in a store in the process. The scripts of the other store decide alike. */
export class MemoryAgentRuns {
	readonly #now: () => number;
	readonly #changed: (type: RunChange["type"], id: string) => void;
	readonly #runs = new Map<string, MemoryRun>();
	/** Runs by guest and idempotency key. */
	readonly #once = new Map<string, string>();
	readonly #turns = new GuestTurns();
	/** Runs that may start, by guest, in their order. */
	readonly #queues = new Map<string, SortedSet>();
	/** Runs that may start, by the time since which they may. */
	readonly #queued = new SortedSet();
	/** Runs that wait for their time, by that time. */
	readonly #delayed = new SortedSet();
	/** Runs that wait, by their deadline. */
	readonly #deadlines = new SortedSet();
	/** Runs in progress, by the end of their lease. */
	readonly #running = new SortedSet();
	/** Ended runs, by the time until which they are kept. */
	readonly #ended = new SortedSet();
	#sequence = 0;

	constructor(now: () => number, changed: (type: RunChange["type"], id: string) => void) {
		this.#now = now;
		this.#changed = changed;
	}

	submit(submission: RunSubmission): SubmittedRun {
		this.#tidy();
		const { id, guest, idempotencyKey, maxPending, delayMs, deadlineMs } = submission;
		const existing = this.#runs.has(id) ? id : idempotencyKey === undefined ? undefined : this.#once.get(onceKey(guest, idempotencyKey));
		if (existing !== undefined) return { id: existing, isNew: false };
		if (this.#pendingOf(guest) >= maxPending) throw tooManyPending(submission);
		const now = this.#now();
		this.#sequence += 1;
		const run: MemoryRun = {
			submission: { ...submission, input: Uint8Array.from(submission.input) },
			submittedAtMs: now,
			sequence: this.#sequence,
			log: new EventLog(submission.maxEventBytes),
			state: "queued",
			attempt: 0,
			deadlineAtMs: deadlineMs === undefined ? undefined : now + deadlineMs,
			cancelRequested: false,
		};
		this.#runs.set(id, run);
		if (idempotencyKey !== undefined) this.#once.set(onceKey(guest, idempotencyKey), id);
		if (delayMs > 0) this.#delay(run, now + delayMs);
		else this.#enqueue(run, false);
		return { id, isNew: true };
	}

	take(worker: string, maxRunning: number, most: number, leaseMs: number): TakenRun[] {
		this.#tidy();
		const taken: TakenRun[] = [];
		let bytes = 0;
		while (taken.length < most && this.#running.size < maxRunning && bytes < MAX_TAKEN_BYTES) {
			const guest = this.#turns.next();
			const id = guest === undefined ? undefined : this.#queues.get(guest)?.first()?.member;
			const run = id === undefined ? undefined : this.#runs.get(id);
			if (run === undefined) break;
			taken.push(this.#start(run, worker, leaseMs));
			bytes += run.submission.input.length;
		}
		return taken;
	}

	renew(attempt: RunToken, leaseMs: number): LeaseState {
		const run = this.#held(attempt);
		if (run === undefined) return "lost";
		this.#running.set(attempt.id, this.#now() + leaseMs);
		return run.cancelRequested ? "cancelled" : "held";
	}

	append(attempt: RunToken, events: readonly Uint8Array[]): boolean {
		const run = this.#held(attempt);
		if (run === undefined) return false;
		for (const content of events) run.log.append(run.attempt, content);
		if (events.length > 0) this.#changed("events", attempt.id);
		return true;
	}

	finish(attempt: RunToken, { state, content, retryInMs }: AttemptOutcome): RunState | undefined {
		const run = this.#runs.get(attempt.id);
		if (run === undefined || run.token !== attempt.token) return undefined;
		if (run.state !== "running") return run.state; // The outcome is stored already.
		const now = this.#now();
		const { deadlineAtMs = Number.POSITIVE_INFINITY } = run;
		run.outcome = Uint8Array.from(content);
		if (state !== "failed") this.#end(run, state);
		else if (run.cancelRequested) this.#end(run, "cancelled");
		else if (now + Math.ceil(retryInMs ?? 0) >= deadlineAtMs) this.#end(run, "expired");
		else if (retryInMs === undefined) this.#end(run, "failed");
		else if (run.attempt >= run.submission.maxAttempts) this.#end(run, "poisoned");
		else {
			this.#leaveAll(run);
			if (retryInMs > 0) this.#delay(run, now + retryInMs);
			else this.#enqueue(run, false);
		}
		return run.state;
	}

	release(attempt: RunToken): void {
		const run = this.#held(attempt);
		if (run === undefined) return;
		run.attempt -= 1;
		this.#giveBack(run);
		if (run.state === "queued") this.#turns.refund(run.submission.guest, run.submission.weight);
	}

	cancel(id: string): RunState | undefined {
		this.#tidy();
		const run = this.#runs.get(id);
		const before = run?.state;
		if (run === undefined || before === undefined || isEnd(before)) return before;
		if (before === "running") {
			run.cancelRequested = true;
			this.#changed("cancelled", id);
		} else this.#end(run, "cancelled");
		return before;
	}

	status(id: string): RunStatus | undefined {
		this.#tidy();
		const run = this.#runs.get(id);
		return run === undefined ? undefined : statusOf(run, true);
	}

	events(id: string, after: string, mostBytes: number): RunEvents | undefined {
		const position = parsePosition(after);
		this.#tidy();
		const run = this.#runs.get(id);
		if (run === undefined) return undefined;
		const { events, gap, more } = run.log.after(position, mostBytes);
		return { events, gap, ended: !more && isEnd(run.state) };
	}

	retry(id: string): boolean {
		this.#tidy();
		const run = this.#runs.get(id);
		if (run?.state !== "poisoned") return false;
		const { deadlineMs } = run.submission;
		run.attempt = 0;
		run.outcome = undefined;
		run.endedAtMs = undefined;
		run.deadlineAtMs = deadlineMs === undefined ? undefined : this.#now() + deadlineMs;
		this.#ended.delete(id);
		run.token = undefined;
		this.#enqueue(run, false);
		return true;
	}

	list({ states, guest, most }: ListOptions): RunStatus[] {
		this.#tidy();
		const found: RunStatus[] = [];
		for (const run of [...this.#runs.values()].reverse()) {
			if (found.length >= most) break;
			if (states?.includes(run.state) === false || (guest !== undefined && run.submission.guest !== guest)) continue;
			found.push(statusOf(run, false));
		}
		return found;
	}

	counts(): RunCounts {
		this.#tidy();
		const poisoned = this.#ended.upTo(Number.POSITIVE_INFINITY).filter((id) => this.#runs.get(id)?.state === "poisoned").length;
		const oldest = this.#queued.first()?.score;
		return {
			waiting: this.#queued.size + this.#delayed.size,
			running: this.#running.size,
			poisoned,
			oldestMs: oldest === undefined ? 0 : Math.max(0, this.#now() - oldest),
		};
	}

	/** Does what is due by time. */
	#tidy(): void {
		const now = this.#now();
		for (const id of this.#ended.upTo(now)) this.#forget(id);
		for (const run of this.#all(this.#deadlines.upTo(now))) this.#end(run, "expired");
		for (const run of this.#all(this.#delayed.upTo(now))) {
			this.#leaveAll(run);
			this.#enqueue(run, false);
		}
		for (const run of this.#all(this.#running.upTo(now))) this.#giveBack(run);
	}

	*#all(ids: readonly string[]): Generator<MemoryRun> {
		for (const id of ids) {
			const run = this.#runs.get(id);
			if (run !== undefined) yield run;
		}
	}

	/** Puts a run whose attempt ended without an outcome back, before the others of its guest. */
	#giveBack(run: MemoryRun): void {
		run.token = undefined;
		if (run.cancelRequested) this.#end(run, "cancelled");
		else if (run.deadlineAtMs !== undefined && run.deadlineAtMs <= this.#now()) this.#end(run, "expired");
		else if (run.attempt >= run.submission.maxAttempts) this.#end(run, "poisoned");
		else {
			this.#leaveAll(run);
			this.#enqueue(run, true);
		}
	}

	#start(run: MemoryRun, worker: string, leaseMs: number): TakenRun {
		const { submission, deadlineAtMs, submittedAtMs } = run;
		const { id, agent, guest, input, maxAttempts, timeoutMs, traceparent, weight } = submission;
		const now = this.#now();
		const token = randomBytes(12).toString("base64url");
		this.#turns.charge(guest, weight);
		this.#leaveAll(run);
		this.#running.set(id, now + leaseMs);
		run.attempt += 1;
		Object.assign(run, { state: "running", token, worker, startedAtMs: now } satisfies Partial<MemoryRun>);
		return {
			...{ id, agent, guest, input, maxAttempts, attempt: run.attempt, token, submittedAtMs },
			...(deadlineAtMs === undefined ? {} : { leftMs: deadlineAtMs - now }),
			...(timeoutMs === undefined ? {} : { timeoutMs }),
			...(traceparent === undefined ? {} : { traceparent }),
		};
	}

	/** @param isFirst True for a place before all other runs of the guest. */
	#enqueue(run: MemoryRun, isFirst: boolean): void {
		const { id, guest, priority } = run.submission;
		const queue = this.#queues.get(guest) ?? new SortedSet();
		this.#queues.set(guest, queue);
		queue.set(id, (isFirst ? 0 : 10 - priority) * CLASS + run.sequence);
		this.#queued.set(id, this.#now());
		this.#turns.join(guest);
		this.#wait(run, "queued");
		this.#changed("queued", id);
	}

	#delay(run: MemoryRun, dueMs: number): void {
		this.#delayed.set(run.submission.id, dueMs);
		this.#wait(run, "delayed");
	}

	#wait(run: MemoryRun, state: "queued" | "delayed"): void {
		run.state = state;
		run.worker = undefined;
		if (run.deadlineAtMs !== undefined) this.#deadlines.set(run.submission.id, run.deadlineAtMs);
	}

	#end(run: MemoryRun, state: RunState): void {
		this.#leaveAll(run);
		run.state = state;
		run.worker = undefined;
		run.endedAtMs = this.#now();
		this.#ended.set(run.submission.id, run.endedAtMs + run.submission.keepMs);
		this.#changed("ended", run.submission.id);
	}

	/** Removes a run from every place of waiting and running ones. */
	#leaveAll({ submission: { id, guest } }: MemoryRun): void {
		const queue = this.#queues.get(guest);
		queue?.delete(id);
		if (queue?.size === 0) {
			this.#queues.delete(guest);
			this.#turns.leave(guest);
		}
		for (const places of [this.#queued, this.#delayed, this.#deadlines, this.#running]) places.delete(id);
	}

	#forget(id: string): void {
		const run = this.#runs.get(id);
		this.#ended.delete(id);
		this.#runs.delete(id);
		const key = run?.submission.idempotencyKey;
		if (run !== undefined && key !== undefined) this.#once.delete(onceKey(run.submission.guest, key));
	}

	#held({ id, token }: RunToken): MemoryRun | undefined {
		const run = this.#runs.get(id);
		return run?.state === "running" && run.token === token ? run : undefined;
	}

	#pendingOf(guest: string): number {
		const delayed = [...this.#all([...this.#delayed.descending()])].filter(({ submission }) => submission.guest === guest).length;
		return (this.#queues.get(guest)?.size ?? 0) + delayed;
	}
}

function onceKey(guest: string, idempotencyKey: string): string {
	return JSON.stringify([guest, idempotencyKey]);
}
