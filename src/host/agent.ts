import type { GuestRunLimits } from "../abi/guest-module.ts";
import { abortError, SpearError } from "../errors/spear-error.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import type { AccountUse } from "../memory/memory-kinds.ts";
import type { HostEventListener } from "../telemetry/host-event.ts";
import { AgentInstance, checkLimit, INSTANCE_BYTES, type InstanceContext } from "./agent-instance.ts";
import type { PlacedGuest } from "./guest-services.ts";
import type { OutputChannel } from "./output-channel.ts";
import { Run } from "./run.ts";
import type { RunQueue } from "./run-queue.ts";
import { RunRecord } from "./run-record.ts";
import { traceOf } from "./trace-of.ts";
import { type UserOptions, userSideOf } from "./user-side.ts";

/** Parts of a host that its agents use. */
export interface AgentContext extends InstanceContext {
	/** Aborted when the host closes. */
	readonly signal: AbortSignal;
	/** Bounds the live instances of the host. */
	readonly runs: RunQueue;
	/** Share of the starts that the guest has now. */
	readonly weight: () => number;
	/** Called when an agent is closed. */
	readonly onClose?: (agent: Agent) => void;
}

export interface RunOptions extends UserOptions {
	/** Ends the run: every hostcall in flight is cancelled, at the upstream too. */
	readonly signal?: AbortSignal;
	/** Receives the events of the run. */
	readonly onEvent?: HostEventListener;
	/** Longest run, in milliseconds, from the start of the guest. The guest is stopped then. The default is `run_timeout_ms` of the guest's configuration. */
	readonly timeoutMs?: number;
	/** CPU time of the guest, in milliseconds. The guest is stopped then. The default is `cpu_ms` of the guest's configuration. */
	readonly cpuMs?: number;
	/** The W3C `traceparent` of the span that the run belongs to. The ids stand in the envelope of every request. */
	readonly traceparent?: string;
	/** Id of the run in the log lines of the guest. The default is a new one for each run, and for each run of an instance. */
	readonly runId?: string;
	/** Id of the caller's request that the run serves, for the log lines of the guest. The default is none. */
	readonly requestId?: string;
	/** Called once when the run has its place, right before the guest starts. The default does nothing. */
	readonly onStart?: () => void;
	/** Samples the guest's stack while it computes, about once a slice. The guest must be metered, and not run in a worker. The default is none. */
	readonly profiler?: { capture(): void };
}

/**
 * A loaded guest, ready to run any number of times.
 *
 * ```ts
 * const agent = await host.load("agent.spear");
 * const answer = await agent.run("hello", { signal: AbortSignal.timeout(30_000) });
 * ```
 */
export class Agent {
	readonly #module: PlacedGuest;
	readonly #context: AgentContext;
	readonly #instances = new Set<AgentInstance>();
	readonly #abort = new AbortController();
	/** Aborted when the agent or the host closes. */
	readonly #closed: AbortSignal;
	readonly #leaveQueue: () => void;
	readonly #leaveRouter: () => void;
	/** CPU time of the closed instances, in milliseconds. */
	#closedCpuMs = 0;

	/** Made by `Host.load`. */
	constructor(module: PlacedGuest, context: AgentContext) {
		this.#module = module;
		this.#context = context;
		this.#closed = AbortSignal.any([context.signal, this.#abort.signal]);
		this.#leaveQueue = context.runs.addAgent(context.guest.id);
		this.#leaveRouter = context.router.addGuest(context.guest);
	}

	/**
	 * Runs the guest once, in an instance of its own. Waits while the host has `max_running` live instances, or lacks memory for another.
	 *
	 * A core module takes no input and gives no answer: the input must be the empty text, and so is the answer. Text that it writes to standard
	 * output is output of the run.
	 *
	 * @returns The promise of the guest's answer, which is also the output that the guest emits before, as an async iterable.
	 * @throws SpearError the error of a hostcall that the guest passed on; `cancelled`, or the signal's reason, when `signal` is aborted. SpearError
	 * `invalid_request` for a wrong `traceparent`, and for streams or a microphone that cannot be used; `timeout` when the guest is stopped at `timeoutMs`. SpearError `rate_limited` when
	 * `max_pending_runs` runs wait already, or when the guest's memory has grown beyond what the host has. GuestError when the guest itself
	 * fails; of failure `over_budget` when the guest is stopped for its CPU time.
	 */
	run(input: string, options: RunOptions = {}): Run {
		const record = new RunRecord();
		return new Run(this.#context.limits.streamBufferBytes, (output) => this.#run(input, options, output, record), record);
	}

	/**
	 * Runs the guest once, as `run` does, with a value as JSON text.
	 *
	 * ```ts
	 * const answer = await agent.runJson({ city: "Bern" }).json<{ days: number }>();
	 * ```
	 *
	 * @throws TypeError for a value without JSON, such as a function or a circular value. As `run` otherwise.
	 */
	runJson(input: unknown, options: RunOptions = {}): Run {
		const text: unknown = JSON.stringify(input);
		if (typeof text !== "string") throw new TypeError(`input: a value of type ${typeof input} has no JSON`);
		return this.run(text, options);
	}

	/**
	 * Creates an instance that keeps its state from run to run, until `close`. The instance counts for `max_running` until then, also between
	 * its runs. Waits while the host has that many live instances: pass a `signal` to bound the wait.
	 *
	 * @throws SpearError as `run` before the guest starts.
	 */
	instantiate(options: RunOptions = {}): Promise<AgentInstance> {
		return this.#start(options, true);
	}

	/** @internal Name of the guest, or its id if it has no name. */
	get guest(): string {
		const { name, id } = this.#context.guest;
		return name ?? id;
	}

	/** @internal Form of the guest. */
	get abi(): PlacedGuest["abi"] {
		return this.#module.abi;
	}

	/** @internal */
	get identity(): GuestIdentity {
		return this.#context.guest;
	}

	/** CPU time of all runs, in milliseconds: those of closed instances too. Runs in flight count as far as they are. 0 for a guest that is not metered. */
	get cpuMs(): number {
		let cpuMs = this.#closedCpuMs;
		for (const instance of this.#instances) cpuMs += instance.cpuMs;
		return cpuMs;
	}

	/** Returns the memory of each live instance. */
	memory(): AccountUse[] {
		return [...this.#instances].map((instance) => instance.memory());
	}

	/** Ends every instance, cancels the runs that wait, and refuses further ones. Safe to call twice. */
	async close(): Promise<void> {
		this.#abort.abort(new SpearError("cancelled", "the agent is closed"));
		await Promise.all([...this.#instances].map((instance) => instance.close()));
		this.#leaveQueue();
		this.#leaveRouter();
		this.#context.onClose?.(this);
	}

	async #run(input: string, options: RunOptions, output: OutputChannel, record: RunRecord): Promise<string> {
		const limits = runLimitsOf(options);
		const { signal: outer } = options;
		const signal = outer === undefined ? output.left : AbortSignal.any([outer, output.left]);
		const instance = await this.#start({ ...options, signal }, false);
		try {
			options.onStart?.();
			return await instance.runInto(output, input, limits, { runId: options.runId, record });
		} finally {
			await instance.close();
		}
	}

	/** @param kept True if the caller decides when to close the instance. */
	async #start(options: RunOptions, kept: boolean): Promise<AgentInstance> {
		const { signal: outer, onEvent = () => {}, traceparent, requestId, profiler } = options;
		const { runs, guest, weight } = this.#context;
		if (profiler !== undefined && this.#module.isolation === "worker")
			throw new SpearError(
				"invalid_request",
				'profiler: a guest in a worker cannot be profiled; load the guest with isolation "shared", or set it in [guests.<name>]',
			);
		const trace = traceOf(traceparent);
		const user = userSideOf(options, this.#module);
		const onCheck = profiler === undefined ? undefined : (): void => profiler.capture();
		const signal = outer === undefined ? this.#closed : AbortSignal.any([this.#closed, outer]);
		const bytes = this.#module.initialBytes + INSTANCE_BYTES;
		const started = runs.start({ guest: guest.id, signal, kept, weight: weight(), bytes }, async (release) => {
			const onClose = (closed: AgentInstance): void => {
				if (this.#instances.delete(closed)) this.#closedCpuMs += closed.cpuMs;
				release();
			};
			const instance = await AgentInstance.create(this.#module, this.#context, {
				signal,
				trace,
				requestId,
				user,
				onEvent,
				onCheck,
				onClose,
			});
			this.#instances.add(instance);
			if (!signal.aborted) return instance;
			await instance.close();
			throw abortError(signal);
		});
		try {
			return await started;
		} catch (thrown) {
			user[Symbol.dispose]();
			throw thrown;
		}
	}
}

/** The limits that a caller sets for one run. */
function runLimitsOf({ timeoutMs, cpuMs }: RunOptions): GuestRunLimits {
	checkLimit("timeoutMs", timeoutMs);
	checkLimit("cpuMs", cpuMs);
	return { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(cpuMs === undefined ? {} : { cpuMs }) };
}
