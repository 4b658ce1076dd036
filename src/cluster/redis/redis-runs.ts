import { hash, randomBytes } from "node:crypto";
import { batchesOf } from "../../collections/batches.ts";
import { checkContent, checkLease, checkName, checkSubmission, tooManyPending } from "../run-bounds.ts";
import { agentOfRun } from "../run-id.ts";
import { parsePosition } from "../run-position.ts";
import type {
	AgentPlaces,
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
	SharedRuns,
	SubmittedRun,
	TakenRun,
} from "../runs.ts";
import { StoreError } from "../store-error.ts";
import type { StoreKeys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";
import type { ReplicaConfirmation } from "./replica-confirmation.ts";
import { listOf, numberOf, optional, textOf } from "./reply.ts";
import { isChangeType, RunChanges } from "./run-changes.ts";
import { eventOf, idOf, leaseOf, stateOf, statusOf, takenRunOf } from "./run-replies.ts";
import type { Script } from "./script.ts";
import { APPEND_EVENTS } from "./scripts/runs/append.ts";
import { CANCEL_RUN } from "./scripts/runs/cancel.ts";
import { COUNT_RUNS } from "./scripts/runs/counts.ts";
import { RUN_EVENTS } from "./scripts/runs/events.ts";
import { FINISH_RUN } from "./scripts/runs/finish.ts";
import { LIST_RUNS, LISTED_PER_CALL } from "./scripts/runs/list.ts";
import { RELEASE_RUN } from "./scripts/runs/release.ts";
import { RENEW_RUNS } from "./scripts/runs/renew.ts";
import { RETRY_RUN } from "./scripts/runs/retry.ts";
import { RUN_STATUS } from "./scripts/runs/status.ts";
import { SUBMIT_RUN } from "./scripts/runs/submit.ts";
import { TAKE_RUNS } from "./scripts/runs/take.ts";

/** Leases that one call extends, events that one call appends, and runs of an index that `list` looks at. */
const PER_CALL = { leases: 100, events: 200, eventBytes: 4 * 2 ** 20, listed: 2_000 } as const;

/** Most runs that one call takes of an agent. */
const MAX_TAKEN = 100;

type Argument = string | number | Uint8Array;

/** Connections of the queue of runs. */
export interface RedisRunsOptions {
	readonly connection: RedisConnection;
	/** Connection for the writes that replicas confirm, and their confirmation. Absent: no replica confirms. */
	readonly confirmation?: { readonly connection: RedisConnection; readonly replicas: ReplicaConfirmation } | undefined;
	readonly keys: StoreKeys;
}

/** The queue of runs on a server. Each call is one script for each agent. */
export class RedisRuns implements SharedRuns {
	readonly #options: RedisRunsOptions;
	readonly #changes: RunChanges;

	constructor(options: RedisRunsOptions) {
		this.#options = options;
		this.#changes = new RunChanges(options.connection, options.keys.channel("runs"));
	}

	async submit(run: RunSubmission): Promise<SubmittedRun> {
		checkSubmission(run);
		const { agent, id, guest, idempotencyKey, input, maxAttempts, maxPending } = run;
		// Of a fixed length, and the server learns nothing of the key.
		const once = idempotencyKey === undefined ? "" : hash("sha256", JSON.stringify([guest, idempotencyKey]), "base64url");
		const [existing, isNew, changes] = await this.#runConfirmed(SUBMIT_RUN, agent, [
			...[id, guest, run.weight, input, run.priority, run.delayMs, run.deadlineMs ?? "", run.timeoutMs ?? ""],
			...[maxAttempts, run.keepMs, maxPending, run.maxEventBytes, once, run.traceparent ?? ""],
		]);
		this.#publish(changes);
		if (numberOf(isNew) < 0) throw tooManyPending(run);
		return { id: idOf(agent, existing), isNew: numberOf(isNew) === 1 };
	}

	async take(worker: string, agents: readonly AgentPlaces[], most: number, leaseMs: number): Promise<readonly TakenRun[]> {
		checkName(worker, "worker");
		checkLease(leaseMs);
		const taken: TakenRun[] = [];
		let fault: unknown;
		for (const { agent, maxRunning, most: mostOfAgent } of agents) {
			const room = Math.min(most - taken.length, mostOfAgent, MAX_TAKEN);
			if (room <= 0) continue;
			try {
				taken.push(...(await this.#takeOf(agent, [worker, maxRunning, room, leaseMs, randomBytes(12).toString("base64url")])));
			} catch (thrown) {
				// Runs that were taken must reach the caller. Foreign values of one agent must not stop the others.
				fault = thrown;
				if (!(thrown instanceof StoreError && thrown.reason === "invalid_value")) break;
			}
		}
		if (taken.length === 0 && fault !== undefined) throw fault;
		return taken;
	}

	async renew(attempts: readonly RunToken[], leaseMs: number): Promise<readonly LeaseState[]> {
		checkLease(leaseMs);
		const states = new Map<RunToken, LeaseState>();
		for (const [agent, ofAgent] of Map.groupBy(attempts, ({ id }) => agentOfRun(id))) {
			if (agent === undefined) continue;
			for (const some of batchesOf(ofAgent, PER_CALL.leases)) {
				const replies = await this.#run(RENEW_RUNS, agent, [leaseMs, ...some.flatMap(({ id, token }) => [id, token])]);
				for (const [index, attempt] of some.entries()) states.set(attempt, leaseOf(replies[index]));
			}
		}
		return attempts.map((attempt) => states.get(attempt) ?? "lost");
	}

	async append(attempt: RunToken, events: readonly Uint8Array[]): Promise<boolean> {
		const agent = agentOfRun(attempt.id);
		if (agent === undefined) return false;
		for (const event of events) checkContent(event, "event");
		if (events.length === 0) return (await this.#append(agent, attempt, [])) === 1;
		for (const some of inParts(events)) if ((await this.#append(agent, attempt, some)) !== 1) return false;
		this.#changes.publish("events", attempt.id);
		return true;
	}

	async finish({ id, token }: RunToken, { state, content, retryInMs }: AttemptOutcome): Promise<RunState | undefined> {
		checkContent(content, "outcome");
		const agent = agentOfRun(id);
		if (agent === undefined) return undefined;
		const [after, changes] = await this.#runConfirmed(FINISH_RUN, agent, [
			id,
			token,
			state,
			content,
			retryInMs === undefined ? "" : Math.ceil(retryInMs),
		]);
		this.#publish(changes);
		return optional(after, stateOf);
	}

	async release({ id, token }: RunToken): Promise<void> {
		const agent = agentOfRun(id);
		if (agent !== undefined) this.#publish(await this.#run(RELEASE_RUN, agent, [id, token]));
	}

	async cancel(id: string): Promise<RunState | undefined> {
		const agent = agentOfRun(id);
		if (agent === undefined) return undefined;
		const [before, changes] = await this.#run(CANCEL_RUN, agent, [id]);
		this.#publish(changes);
		return optional(before, stateOf);
	}

	async status(id: string): Promise<RunStatus | undefined> {
		const agent = agentOfRun(id);
		if (agent === undefined) return undefined;
		const [run, outcome, changes] = await this.#run(RUN_STATUS, agent, [id]);
		this.#publish(changes);
		return optional(run, (present) => statusOf(agent, present, outcome instanceof Uint8Array ? outcome : undefined));
	}

	async events(id: string, after: string, mostBytes: number): Promise<RunEvents | undefined> {
		const { offset, ordinal } = parsePosition(after);
		const agent = agentOfRun(id);
		if (agent === undefined) return undefined;
		const reply = await this.#script(RUN_EVENTS, agent, [id, offset, ordinal, mostBytes]);
		return optional(reply, (present) => {
			const [events, ended, gap] = listOf(present);
			return { events: listOf(events).map(eventOf), ended: numberOf(ended) === 1, gap: numberOf(gap) === 1 };
		});
	}

	async retry(id: string): Promise<boolean> {
		const agent = agentOfRun(id);
		if (agent === undefined) return false;
		const [isQueued, changes] = await this.#run(RETRY_RUN, agent, [id]);
		this.#publish(changes);
		return numberOf(isQueued) === 1;
	}

	async list(agent: string, { states = [], guest, most }: ListOptions): Promise<readonly RunStatus[]> {
		const [only] = states;
		const index = states.length === 1 && (only === "poisoned" || only === "running") ? only : "all";
		const found: RunStatus[] = [];
		for (let rank = 0; rank < PER_CALL.listed && found.length < most; rank += LISTED_PER_CALL) {
			const asked = guest === undefined ? [0, ""] : [1, guest];
			const [rows, seen, changes] = await this.#run(LIST_RUNS, agent, [index, rank, most - found.length, ...asked, ...states]);
			this.#publish(changes);
			for (const row of listOf(rows)) found.push(statusOf(agent, row));
			if (numberOf(seen) < LISTED_PER_CALL) break;
		}
		// That index is in the order of leases.
		return index === "running" ? found.sort((one, other) => other.submittedAtMs - one.submittedAtMs) : found;
	}

	async counts(agents: readonly string[]): Promise<readonly RunCounts[]> {
		return Promise.all(
			agents.map(async (agent) => {
				const [waiting, running, poisoned, oldestMs, changes] = await this.#run(COUNT_RUNS, agent, []);
				this.#publish(changes);
				return { waiting: numberOf(waiting), running: numberOf(running), poisoned: numberOf(poisoned), oldestMs: numberOf(oldestMs) };
			}),
		);
	}

	onChange(listener: (change: RunChange) => void): () => void {
		return this.#changes.subscribe(listener);
	}

	/** Ends notifications. */
	close(): void {
		this.#changes.close();
	}

	async #takeOf(agent: string, args: readonly Argument[]): Promise<TakenRun[]> {
		const [runs, changes] = await this.#run(TAKE_RUNS, agent, args);
		this.#publish(changes);
		return listOf(runs).map((run) => takenRunOf(agent, run));
	}

	async #append(agent: string, { id, token }: RunToken, events: readonly Uint8Array[]): Promise<number> {
		return numberOf(await this.#script(APPEND_EVENTS, agent, [id, token, ...events]));
	}

	/** Runs a script whose reply is a list. */
	async #run(script: Script, agent: string, args: readonly Argument[]): Promise<readonly unknown[]> {
		return listOf(await this.#script(script, agent, args));
	}

	/** Runs a script whose writes replicas confirm. */
	async #runConfirmed(script: Script, agent: string, args: readonly Argument[]): Promise<readonly unknown[]> {
		const { confirmation } = this.#options;
		if (confirmation === undefined) return this.#run(script, agent, args);
		return listOf(await confirmation.replicas.confirmed(() => this.#script(script, agent, args, confirmation.connection)));
	}

	#script(script: Script, agent: string, args: readonly Argument[], connection = this.#options.connection): Promise<unknown> {
		return connection.run(script, [this.#options.keys.key("runs", agent)], args);
	}

	/** Publishes the changes of a reply: kinds and identifiers in turn. */
	#publish(reply: unknown): void {
		const items = listOf(reply).map(textOf);
		for (let index = 0; index + 1 < items.length; index += 2) {
			const [type, id] = [items[index], items[index + 1]];
			if (isChangeType(type) && id !== undefined && agentOfRun(id) !== undefined) this.#changes.publish(type, id);
		}
	}
}

/** Returns events in parts that a call may append. */
function* inParts(events: readonly Uint8Array[]): Generator<Uint8Array[]> {
	let part: Uint8Array[] = [];
	let bytes = 0;
	for (const event of events) {
		if (part.length > 0 && (part.length === PER_CALL.events || bytes + event.length > PER_CALL.eventBytes)) {
			yield part;
			part = [];
			bytes = 0;
		}
		part.push(event);
		bytes += event.length;
	}
	if (part.length > 0) yield part;
}
