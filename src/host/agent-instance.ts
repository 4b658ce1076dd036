import type { ResourceScope } from "../../generated/hostcall/runtime.ts";
import type * as log from "../../generated/ir/log.ts";
import type { GuestInstance, GuestModule, GuestRunLimits } from "../abi/guest-module.ts";
import { SpearError } from "../errors/spear-error.ts";
import { chargedPipeline } from "../hostcall/charged-pipeline.ts";
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
import { MemoryAccount } from "../memory/memory-account.ts";
import type { AccountUse } from "../memory/memory-kinds.ts";
import type { TotalMemory } from "../memory/total-memory.ts";
import type { NormalizeContext } from "../normalize/normalize.ts";
import type { Router } from "../router/router.ts";
import type { HostEventListener } from "../telemetry/host-event.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { UpstreamLog } from "../telemetry/upstream-log.ts";
import type { Clock } from "../time/clock.ts";
import { observedBy } from "./observed-by.ts";
import { unwrapOutcome } from "./unwrap-outcome.ts";

/** Memory that an instance takes beside its linear memory, in bytes: its objects in the heap of the host. Measured on Node 24. */
export const INSTANCE_BYTES = 262_144;

/** Parts of a host that the instances of its agents use. */
export interface InstanceContext {
	readonly router: Router;
	/** Guest that the agent's requests are counted for. */
	readonly guest: GuestIdentity;
	readonly logger: Logger;
	readonly upstreams: UpstreamLog;
	/** Removes keys from any text that leaves the host. */
	readonly redact: RedactLine;
	readonly limits: GuestLimits;
	/** Limits of a run that sets none. */
	readonly runLimits: () => GuestRunLimits;
	/** Most bytes of the account of one instance. */
	readonly maxInstanceBytes: number;
	/** Memory of all instances of the host. */
	readonly totalMemory: TotalMemory;
	/** Called when an instance is ended because its memory has grown beyond what the host has. */
	readonly onEvict: (guest: GuestIdentity, error: SpearError) => void;
	/** Media of the guest, shared by the agent's instances. */
	readonly media: GuestMedia;
	readonly normalize: NormalizeContext;
	readonly clock: Clock;
}

export interface InstanceOptions {
	/** Aborted when the host or the agent closes, or when the caller cancels. */
	readonly signal: AbortSignal;
	readonly trace: TraceContext | undefined;
	readonly onEvent: HostEventListener;
	/** Called at each check of the guest's meter, with the guest's frames on the stack. */
	readonly onCheck: (() => void) | undefined;
	readonly onClose: (instance: AgentInstance) => void;
}

/** Handles that an instance may hold beyond those of hostcalls: streams and pollables of WASI. */
const WASI_HANDLES = 1_000;

/** An instance of a guest, with memory and handles of its own. */
export class AgentInstance {
	/** Absent after `close`: an embedder may keep this object, and the guest's memory must go. */
	#instance: GuestInstance | undefined;
	#cpuMs = 0;
	readonly #module: GuestModule;
	readonly #resources: ResourceScope;
	readonly #memory: MemoryAccount;
	readonly #abort: AbortController;
	readonly #signal: AbortSignal;
	readonly #logger: Logger;
	readonly #limits: () => GuestRunLimits;
	readonly #onClose: (instance: AgentInstance) => void;

	private constructor(
		instance: GuestInstance,
		module: GuestModule,
		parts: {
			resources: ResourceScope;
			memory: MemoryAccount;
			abort: AbortController;
			signal: AbortSignal;
			logger: Logger;
			limits: () => GuestRunLimits;
		},
		onClose: (instance: AgentInstance) => void,
	) {
		this.#instance = instance;
		this.#module = module;
		this.#resources = parts.resources;
		this.#memory = parts.memory;
		this.#abort = parts.abort;
		this.#signal = parts.signal;
		this.#logger = parts.logger;
		this.#limits = parts.limits;
		this.#onClose = onClose;
	}

	/** @internal */
	static async create(module: GuestModule, context: InstanceContext, options: InstanceOptions): Promise<AgentInstance> {
		const { logger, redact, limits } = context;
		const onEvent = observedBy(options.onEvent, logger, context.upstreams);
		const abort = new AbortController();
		const signal = AbortSignal.any([abort.signal, options.signal]);
		const resources = new GuestHandles(limits.maxHandles);
		const memory = new MemoryAccount({
			limit: context.maxInstanceBytes,
			total: context.totalMemory,
			initialBytes: module.initialBytes,
			overheadBytes: INSTANCE_BYTES,
			onEvict(error) {
				context.onEvict(context.guest, error);
				abort.abort(error);
			},
		});
		const requests = createPipeline({
			router: context.router,
			guest: context.guest,
			normalize: { ...context.normalize, trace: options.trace },
			openMedia: () => new RequestMediaScope(context.media),
			onEvent,
		});
		const writeLog = (level: log.Level, text: string, parts: readonly log.LogField[]): void => {
			const message = module.locate(text);
			const fields = parts.map(({ key, value }) => ({ key, value: module.locate(value) }));
			logger[level]({ guest: Object.fromEntries(fields.map(({ key, value }) => [key, value])) }, message);
			onEvent({ type: "log", level, message, fields });
		};
		const logBudget = createLogBudget({ limits, clock: context.clock, signal, writeLog });
		const pipeline = chargedPipeline(requests, memory);
		const scope = { signal, limits, pipeline, memory, media: context.media, redact, logBudget, writeLog };
		const output =
			(stream: "stdout" | "stderr") =>
			(text: string, isCut: boolean): void => {
				if (!logBudget.admit(Buffer.byteLength(text))) return;
				onEvent({ type: "output", stream, line: `${redact(module.locate(text), { cut: isCut })}${isCut ? CUT_MARK : ""}` });
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
				memory,
				hostcallLimits: {
					maxBytes: limits.maxHostcallBytes,
					maxItems: limits.maxHostcallItems,
					maxHandles: limits.maxHandles + WASI_HANDLES,
				},
				stdout: output("stdout"),
				stderr: output("stderr"),
				...(options.onCheck === undefined ? {} : { onCheck: options.onCheck }),
			});
			return new AgentInstance(instance, module, { resources, memory, abort, signal, logger, limits: context.runLimits }, options.onClose);
		} catch (cause) {
			abort.abort(new SpearError("cancelled", "the guest did not start"));
			resources.disposeAll();
			memory.close();
			throw cause;
		}
	}

	/**
	 * Runs the guest's entry point. Runs of one instance do not overlap.
	 *
	 * @param limits The defaults are those of the configuration.
	 * @throws As `Agent.run`; SpearError `invalid_request` during another run, and after a trap, an abort or `close`.
	 */
	async run(input: string, limits: GuestRunLimits = {}): Promise<string> {
		if (typeof input !== "string") throw new SpearError("invalid_request", `input: it must be text, and is ${typeof input}`);
		if (this.#instance === undefined) throw new SpearError("invalid_request", "the instance is closed; instantiate the agent again");
		try {
			return unwrapOutcome(await this.#instance.run(input, { ...this.#limits(), ...limits }), this.#signal, this.#module);
		} finally {
			this.#memory.taken();
		}
	}

	/** CPU time of all runs, in milliseconds. 0 for a guest that is not metered. */
	get cpuMs(): number {
		this.#cpuMs = this.#instance?.cpuMs ?? this.#cpuMs;
		return this.#cpuMs;
	}

	/** Returns the memory that the instance holds, by kind. */
	memory(): AccountUse {
		return this.#memory.report();
	}

	/** Cancels hostcalls in flight and releases every handle of the guest. Safe to call twice. */
	async close(): Promise<void> {
		this.#abort.abort(new SpearError("cancelled", "the run is over"));
		for (const cause of this.#resources.disposeAll()) this.#logger.error({ err: cause }, "a handle could not be disposed");
		this.#cpuMs = this.#instance?.cpuMs ?? this.#cpuMs;
		this.#instance?.close();
		this.#instance = undefined;
		this.#memory.close();
		this.#onClose(this);
	}
}
