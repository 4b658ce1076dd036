import { randomUUID } from "node:crypto";
import type { GuestInstance, GuestRunLimits } from "../abi/guest-module.ts";
import { GuestError } from "../errors/guest-error.ts";
import { abortError, SpearError } from "../errors/spear-error.ts";
import { faultLogger } from "../hostcall/fault-log.ts";
import type { HostTools } from "../hostcall/host-tools.ts";
import { CUT_MARK, type RedactLine } from "../hostcall/log-line.ts";
import { createLogWriter } from "../hostcall/log-writer.ts";
import { createPipeline } from "../hostcall/pipeline.ts";
import type { GuestLimits } from "../hostcall/scope.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import type { TraceContext } from "../identity/trace-context.ts";
import type { GuestMedia } from "../media/guest-media.ts";
import { RequestMediaScope } from "../media/request-media-scope.ts";
import { MemoryAccount } from "../memory/memory-account.ts";
import type { AccountUse } from "../memory/memory-kinds.ts";
import type { TotalMemory } from "../memory/total-memory.ts";
import type { NormalizeContext } from "../normalize/normalize.ts";
import type { Router } from "../router/router.ts";
import type { GuestObserver } from "../telemetry/guest-observer.ts";
import type { HostEvent, HostEventListener } from "../telemetry/host-event.ts";
import { type Logger, withFields } from "../telemetry/logger.ts";
import type { UpstreamLog } from "../telemetry/upstream-log.ts";
import type { Clock } from "../time/clock.ts";
import type { GuestServices, PlacedGuest } from "./guest-services.ts";
import { observedBy } from "./observed-by.ts";
import type { OutputChannel } from "./output-channel.ts";
import { Run } from "./run.ts";
import { RunRecord } from "./run-record.ts";
import { unwrapOutcome } from "./unwrap-outcome.ts";
import type { UserSide } from "./user-side.ts";

/** Memory that an instance takes beside its linear memory, in bytes: its objects in the heap of the host. Measured on Node 24. */
export const INSTANCE_BYTES = 262_144;

/** Parts of a host that the instances of its agents use. */
export interface InstanceContext {
	readonly router: Router;
	/** Guest that the agent's requests are counted for. */
	readonly guest: GuestIdentity;
	readonly logger: Logger;
	/** Receives the lines of the guest. */
	readonly guestLogger: Logger;
	/** Name of the guest in its log lines. */
	readonly title: string;
	readonly upstreams: UpstreamLog;
	/** Returns the observer of a new instance. `undefined` for none. */
	readonly observe: (trace: TraceContext | undefined) => GuestObserver | undefined;
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
	/** Returns the host's tools for one instance. `undefined` for a host without such tools. */
	readonly hostTools: (onEvent: HostEventListener) => HostTools | undefined;
	readonly normalize: NormalizeContext;
	readonly clock: Clock;
	/** Receives the events of every instance. Must not throw. The default is none. */
	readonly onEvent?: HostEventListener | undefined;
}

export interface InstanceOptions {
	/** Aborted when the host or the agent closes, or when the caller cancels. */
	readonly signal: AbortSignal;
	readonly trace: TraceContext | undefined;
	/** Id of the caller's request, for log lines. */
	readonly requestId: string | undefined;
	/** The user of the instance. Disposed of at the close. */
	readonly user: UserSide;
	readonly onEvent: HostEventListener;
	/** Called at each check of the guest's meter, with the guest's frames on the stack. */
	readonly onCheck: (() => void) | undefined;
	readonly onClose: (instance: AgentInstance) => void;
}

/** Parts of an instance that `create` makes. */
interface Parts {
	readonly guest: PlacedGuest;
	readonly memory: MemoryAccount;
	readonly abort: AbortController;
	readonly signal: AbortSignal;
	readonly limits: () => GuestRunLimits;
	readonly user: UserSide;
	readonly onEvent: HostEventListener;
	readonly observer: GuestObserver | undefined;
	readonly clock: Clock;
	readonly outlet: Outlet;
	readonly outputBytes: number;
}

/** The run in progress: the channel that receives its output, its id, and the record of its events. */
interface Outlet {
	channel: OutputChannel | undefined;
	runId: string | undefined;
	/** Stays after the end of the run, for requests that the end cancels. */
	record: RunRecord | undefined;
}

/** An instance of a guest, with memory and handles of its own. */
export class AgentInstance {
	/** Absent after `close`: an embedder may keep this object, and the guest's memory must go. */
	#instance: GuestInstance | undefined;
	#cpuMs = 0;
	readonly #guest: PlacedGuest;
	readonly #memory: MemoryAccount;
	readonly #abort: AbortController;
	readonly #signal: AbortSignal;
	readonly #limits: () => GuestRunLimits;
	readonly #user: UserSide;
	readonly #onEvent: HostEventListener;
	readonly #observer: GuestObserver | undefined;
	/** True during a run. A second one is refused, and is not observed. */
	#running = false;
	readonly #clock: Clock;
	readonly #onClose: (instance: AgentInstance) => void;
	readonly #outlet: Outlet;
	/** Size of the output that may wait for the reader of a run, in bytes. */
	readonly #outputBytes: number;

	private constructor(instance: GuestInstance, parts: Parts, onClose: (instance: AgentInstance) => void) {
		this.#instance = instance;
		this.#guest = parts.guest;
		this.#memory = parts.memory;
		this.#abort = parts.abort;
		this.#signal = parts.signal;
		this.#limits = parts.limits;
		this.#user = parts.user;
		this.#onEvent = parts.onEvent;
		this.#observer = parts.observer;
		this.#clock = parts.clock;
		this.#onClose = onClose;
		this.#outlet = parts.outlet;
		this.#outputBytes = parts.outputBytes;
	}

	/** @internal */
	static async create(guest: PlacedGuest, context: InstanceContext, options: InstanceOptions): Promise<AgentInstance> {
		const abort = new AbortController();
		const signal = AbortSignal.any([abort.signal, options.signal]);
		const memory = new MemoryAccount({
			limit: context.maxInstanceBytes,
			total: context.totalMemory,
			initialBytes: guest.initialBytes,
			overheadBytes: INSTANCE_BYTES,
			onEvict(error) {
				context.onEvict(context.guest, error);
				abort.abort(error);
			},
		});
		try {
			const observer = context.observe(options.trace);
			const trace = () => observer?.trace ?? options.trace;
			const logger = tracedLogger(context.logger, trace);
			const { title, guestLogger: guests } = context;
			const { requestId } = options;
			const outlet: Outlet = { channel: undefined, runId: undefined, record: undefined };
			const guestLogger = withFields(tracedLogger(guests, trace), () => ({
				guest: title,
				...(outlet.runId === undefined ? {} : { run_id: outlet.runId }),
				...(requestId === undefined ? {} : { request_id: requestId }),
			}));
			const observed = observedBy(options.onEvent, logger, context.upstreams);
			const onEvent = (event: HostEvent): void => {
				outlet.record?.add(event);
				context.onEvent?.(event);
				observed(event);
			};
			const own = { signal, memory, onEvent, observer, outlet };
			const instance = await guest.start(servicesOf(guest, { ...context, logger, guestLogger }, options, own));
			const parts = {
				guest,
				memory,
				abort,
				signal,
				limits: context.runLimits,
				user: options.user,
				onEvent,
				observer,
				clock: context.clock,
				outlet,
				outputBytes: context.limits.streamBufferBytes,
			};
			return new AgentInstance(instance, parts, options.onClose);
		} catch (cause) {
			abort.abort(new SpearError("cancelled", "the guest did not start"));
			memory.close();
			throw cause;
		}
	}

	/**
	 * Runs the guest's entry point. Runs of one instance do not overlap. Leaving the loop over the output early ends the instance.
	 *
	 * @param limits The defaults are those of the configuration.
	 * @throws As `Agent.run`; SpearError `invalid_request` during another run, and after a trap, an abort or `close`.
	 */
	run(input: string, limits: GuestRunLimits = {}): Run {
		const record = new RunRecord();
		const start = (output: OutputChannel): Promise<string> => {
			output.left.addEventListener("abort", () => this.#abort.abort(output.left.reason), { once: true });
			return this.runInto(output, input, limits, { record });
		};
		return new Run(this.#outputBytes, start, record);
	}

	/** @internal Runs as `run`, with the channel of the run. */
	async runInto(
		output: OutputChannel,
		input: string,
		limits: GuestRunLimits = {},
		{ runId = randomUUID(), record = new RunRecord() }: { readonly runId?: string | undefined; readonly record?: RunRecord } = {},
	): Promise<string> {
		if (typeof input !== "string") throw new SpearError("invalid_request", `input: it must be text, and is ${typeof input}`);
		for (const name of ["timeoutMs", "cpuMs"] as const) checkLimit(name, limits[name]);
		const instance = this.#instance;
		if (instance === undefined) throw new SpearError("invalid_request", "the instance is closed; instantiate the agent again");
		const applied = { ...this.#limits(), ...limits };
		const observed = this.#running ? undefined : this.#observer?.beginRun();
		if (observed !== undefined) this.#running = true;
		const isFirst = this.#outlet.channel === undefined;
		const before = { cpuMs: instance.cpuMs, ms: this.#clock.now() };
		if (isFirst) {
			output.connect(this.#memory);
			this.#outlet.channel = output;
			this.#outlet.runId = runId;
			this.#outlet.record = record;
			record.measureCpu(() => instance.cpuMs - before.cpuMs);
		}
		const ended = (error?: SpearError | GuestError): void => {
			const cpuMs = instance.cpuMs - before.cpuMs;
			const run = { cpuMs, durationMs: this.#clock.now() - before.ms, ...(error === undefined ? {} : { error }) };
			observed?.end(run);
			this.#onEvent({ type: "run-ended", ...run });
		};
		try {
			// The caller begins to read after this function has returned, and the guest may emit at once.
			const hadEnded = this.#signal.aborted;
			await Promise.resolve();
			if (this.#signal.aborted && !hadEnded) throw abortError(this.#signal);
			const outcome = await instance.run(input, applied);
			if (this.#signal.aborted) output.abort(abortError(this.#signal));
			try {
				const answer = unwrapOutcome(outcome, this.#signal, this.#guest, applied);
				ended();
				return answer;
			} catch (thrown) {
				const error = thrown instanceof SpearError && "err" in outcome ? record.withCause(thrown) : thrown;
				if (error instanceof SpearError || error instanceof GuestError) ended(error);
				throw error;
			} finally {
				// The guest cannot receive the answers of hostcalls in flight.
				if ("trap" in outcome) this.#abort.abort(new SpearError("cancelled", "the guest has ended"));
			}
		} catch (thrown) {
			// A run that did not start. Has no effect after another end.
			observed?.end({ cpuMs: 0, durationMs: this.#clock.now() - before.ms, error: SpearError.from(thrown) });
			throw thrown;
		} finally {
			if (observed !== undefined) this.#running = false;
			if (isFirst) this.#outlet.channel = undefined;
			if (isFirst) this.#outlet.runId = undefined;
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
		this.#cpuMs = this.#instance?.cpuMs ?? this.#cpuMs;
		this.#instance?.close();
		this.#instance = undefined;
		this.#memory.close();
		this.#user[Symbol.dispose]();
		this.#onClose(this);
	}
}

/** @throws SpearError `invalid_request` for a limit that is no time. A run without a limit would follow. */
export function checkLimit(name: string, ms: unknown): void {
	if (ms === undefined || (typeof ms === "number" && ms > 0)) return;
	throw new SpearError(
		"invalid_request",
		`${name}: it must be a number of milliseconds above 0, and is ${typeof ms === "number" ? ms : typeof ms}`,
	);
}

/** Returns the services of one instance. */
function servicesOf(
	{ abi, locate }: Pick<PlacedGuest, "abi" | "locate">,
	context: InstanceContext,
	options: InstanceOptions,
	{ signal, memory, onEvent, observer, outlet }: Pick<GuestServices, "signal" | "memory"> & Pick<Parts, "onEvent" | "observer" | "outlet">,
): GuestServices {
	const { router, guest, logger, guestLogger, redact, limits, media, clock } = context;
	return {
		signal,
		memory,
		limits,
		media,
		hostTools: context.hostTools(onEvent),
		clock,
		streams: options.user.streams,
		microphone: options.user.microphone,
		onCheck: options.onCheck,
		pipeline: createPipeline({
			router,
			guest,
			normalize: { ...context.normalize, trace: options.trace },
			openMedia: () => new RequestMediaScope(media),
			onEvent,
			observer,
		}),
		writeLog: createLogWriter({
			limits,
			redact,
			write: (level, text, parts) => {
				const message = locate(text);
				const fields = parts.map(({ key, value }) => ({ key, value: locate(value) }));
				const named = Object.fromEntries(fields.map(({ key, value }) => [key, value]));
				guestLogger[level](fields.length === 0 ? {} : { fields: named }, message);
				onEvent({ type: "log", level, message, fields });
			},
		}),
		emit: (output) => outlet.channel?.emit(output, signal),
		isRead: () => outlet.channel?.isRead === true,
		writeOutput(stream, line, isCut) {
			const shown = `${redact(locate(line), { cut: isCut })}${isCut ? CUT_MARK : ""}`;
			// Standard output of a core module is the output of its run.
			const isOutput = abi === "core" && stream === "stdout" && outlet.channel?.wasRead === true;
			if (!isOutput) guestLogger.info({ stream }, shown);
			onEvent({ type: "output", stream, line: shown });
		},
		faults: faultLogger(logger, clock, signal),
	};
}

/** Returns a logger whose lines name the span that a guest's work belongs to. */
function tracedLogger(logger: Logger, trace: () => TraceContext | undefined): Logger {
	return withFields(logger, () => {
		const current = trace();
		return current === undefined ? {} : { trace_id: current.traceId, span_id: current.spanId };
	});
}
