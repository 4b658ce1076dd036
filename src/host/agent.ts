import type { ResourceScope } from "../../generated/hostcall/runtime.ts";
import type * as log from "../../generated/ir/log.ts";
import type { GuestInstance, GuestModule } from "../abi/guest-module.ts";
import { abortError, SpearError } from "../errors/spear-error.ts";
import { families } from "../hostcall/families.ts";
import { faultLogger, logFault } from "../hostcall/fault-log.ts";
import { GuestHandles } from "../hostcall/guest-handles.ts";
import { createLogBudget } from "../hostcall/log-budget.ts";
import { CUT_MARK, type RedactLine } from "../hostcall/log-line.ts";
import { createPipeline } from "../hostcall/pipeline.ts";
import type { GuestLimits } from "../hostcall/scope.ts";
import { toGuestError } from "../hostcall/to-guest-error.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import type { TraceContext } from "../identity/trace-context.ts";
import type { GuestMedia } from "../media/guest-media.ts";
import { RequestMediaScope } from "../media/request-media-scope.ts";
import type { NormalizeContext } from "../normalize/normalize.ts";
import type { Router } from "../router/router.ts";
import type { HostEventListener } from "../telemetry/host-event.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { UpstreamLog } from "../telemetry/upstream-log.ts";
import type { Clock } from "../time/clock.ts";
import { observedBy } from "./observed-by.ts";
import type { RunQueue } from "./run-queue.ts";
import { traceOf } from "./trace-of.ts";
import { unwrapOutcome } from "./unwrap-outcome.ts";

/** Parts of a host that its agents use. */
export interface AgentContext {
	readonly router: Router;
	/** Guest that the agent's requests are counted for. */
	readonly guest: GuestIdentity;
	readonly logger: Logger;
	readonly upstreams: UpstreamLog;
	/** Removes keys from any text that leaves the host. */
	readonly redact: RedactLine;
	readonly limits: GuestLimits;
	/** Media of the guest, shared by the agent's instances. */
	readonly media: GuestMedia;
	readonly normalize: NormalizeContext;
	readonly clock: Clock;
	/** Aborted when the host closes. */
	readonly signal: AbortSignal;
	/** Bounds the live instances of the host. */
	readonly runs: RunQueue;
	/** Called when an agent is closed. */
	readonly onClose?: (agent: Agent) => void;
}

export interface RunOptions {
	/** Ends the run: every hostcall in flight is cancelled, at the upstream too. */
	readonly signal?: AbortSignal;
	/** Receives the events of the run. */
	readonly onEvent?: HostEventListener;
	/** The W3C `traceparent` of the span that the run belongs to. The ids stand in the envelope of every request. */
	readonly traceparent?: string;
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
	readonly #module: GuestModule;
	readonly #context: AgentContext;
	readonly #instances = new Set<AgentInstance>();
	readonly #abort = new AbortController();
	readonly #leaveQueue: () => void;

	/** Made by `Host.load`. */
	constructor(module: GuestModule, context: AgentContext) {
		this.#module = module;
		this.#context = context;
		this.#leaveQueue = context.runs.addAgent(context.guest.id);
	}

	/**
	 * Runs the guest once, in an instance of its own. Waits while the host has `max_running` live instances.
	 *
	 * @returns The guest's answer.
	 * @throws SpearError the error of a hostcall that the guest passed on; `cancelled`, or the signal's reason, when `signal` is aborted;
	 * `invalid_request` for a wrong `traceparent`. SpearError `rate_limited` when `max_pending_runs` runs wait already. GuestError when the
	 * guest itself fails.
	 */
	async run(input: string, options: RunOptions = {}): Promise<string> {
		const instance = await this.#start(options, false);
		try {
			return await instance.run(input);
		} finally {
			await instance.close();
		}
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

	/** Ends every instance, cancels the runs that wait, and refuses further ones. Safe to call twice. */
	async close(): Promise<void> {
		this.#abort.abort(new SpearError("cancelled", "the agent is closed"));
		await Promise.all([...this.#instances].map((instance) => instance.close()));
		this.#leaveQueue();
		this.#context.onClose?.(this);
	}

	/** @param kept True if the caller decides when to close the instance. */
	async #start({ signal: outer, onEvent = () => {}, traceparent }: RunOptions, kept: boolean): Promise<AgentInstance> {
		const { runs, guest, signal: hostSignal } = this.#context;
		const trace = traceOf(traceparent);
		const signal = AbortSignal.any([hostSignal, this.#abort.signal, ...(outer === undefined ? [] : [outer])]);
		return runs.start({ guest: guest.id, signal, kept }, async (release) => {
			const onClose = (closed: AgentInstance): void => {
				this.#instances.delete(closed);
				release();
			};
			const instance = await AgentInstance.create(this.#module, this.#context, { signal, trace, onEvent, onClose });
			this.#instances.add(instance);
			if (!signal.aborted) return instance;
			await instance.close();
			throw abortError(signal);
		});
	}
}

interface InstanceOptions {
	/** Aborted when the host or the agent closes, or when the caller cancels. */
	readonly signal: AbortSignal;
	readonly trace: TraceContext | undefined;
	readonly onEvent: HostEventListener;
	readonly onClose: (instance: AgentInstance) => void;
}

/** An instance of a guest, with memory and handles of its own. */
export class AgentInstance {
	/** Absent after `close`: an embedder may keep this object, and the guest's memory must go. */
	#instance: GuestInstance | undefined;
	readonly #resources: ResourceScope;
	readonly #abort: AbortController;
	readonly #signal: AbortSignal;
	readonly #logger: Logger;
	readonly #onClose: (instance: AgentInstance) => void;

	private constructor(
		instance: GuestInstance,
		parts: { resources: ResourceScope; abort: AbortController; signal: AbortSignal; logger: Logger },
		onClose: (instance: AgentInstance) => void,
	) {
		this.#instance = instance;
		this.#resources = parts.resources;
		this.#abort = parts.abort;
		this.#signal = parts.signal;
		this.#logger = parts.logger;
		this.#onClose = onClose;
	}

	/** @internal */
	static async create(module: GuestModule, context: AgentContext, options: InstanceOptions): Promise<AgentInstance> {
		const { logger, redact, limits } = context;
		const onEvent = observedBy(options.onEvent, logger, context.upstreams);
		const abort = new AbortController();
		const signal = AbortSignal.any([abort.signal, options.signal]);
		const resources = new GuestHandles(limits.maxHandles);
		const pipeline = createPipeline({
			router: context.router,
			guest: context.guest,
			normalize: { ...context.normalize, trace: options.trace },
			openMedia: () => new RequestMediaScope(context.media),
			onEvent,
		});
		const writeLog = (level: log.Level, message: string, fields: readonly log.LogField[]): void => {
			logger[level]({ guest: Object.fromEntries(fields.map(({ key, value }) => [key, value])) }, message);
			onEvent({ type: "log", level, message, fields });
		};
		const logBudget = createLogBudget({ limits, clock: context.clock, signal, writeLog });
		const scope = { signal, limits, pipeline, media: context.media, redact, logBudget, writeLog };
		const output =
			(stream: "stdout" | "stderr") =>
			(text: string, isCut: boolean): void => {
				if (!logBudget.admit(Buffer.byteLength(text))) return;
				onEvent({ type: "output", stream, line: `${redact(text, { cut: isCut })}${isCut ? CUT_MARK : ""}` });
			};
		const faults = faultLogger(logger, context.clock, signal);
		try {
			const instance = await module.instantiate({
				families,
				scope,
				context: {
					resources,
					toError: (cause, site) => toGuestError(cause, site, faults).toRecord(),
					fault: (cause, site) => logFault(cause, site, faults),
				},
				signal,
				stdout: output("stdout"),
				stderr: output("stderr"),
			});
			return new AgentInstance(instance, { resources, abort, signal, logger }, options.onClose);
		} catch (cause) {
			abort.abort(new SpearError("cancelled", "the guest did not start"));
			resources.disposeAll();
			throw cause;
		}
	}

	/**
	 * Runs the guest's entry point. Runs of one instance do not overlap.
	 *
	 * @throws As `Agent.run`; SpearError `invalid_request` during another run, and after a trap, an abort or `close`.
	 */
	async run(input: string): Promise<string> {
		if (typeof input !== "string") throw new SpearError("invalid_request", `input: it must be text, and is ${typeof input}`);
		if (this.#instance === undefined) throw new SpearError("invalid_request", "the instance is closed; instantiate the agent again");
		return unwrapOutcome(await this.#instance.run(input), this.#signal);
	}

	/** Cancels hostcalls in flight and releases every handle of the guest. Safe to call twice. */
	async close(): Promise<void> {
		this.#abort.abort(new SpearError("cancelled", "the run is over"));
		for (const cause of this.#resources.disposeAll()) this.#logger.error({ err: cause }, "a handle could not be disposed");
		this.#instance?.close();
		this.#instance = undefined;
		this.#onClose(this);
	}
}
