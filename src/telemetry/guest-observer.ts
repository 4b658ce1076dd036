import type { Operation, Transport } from "../../generated/ir/operations.ts";
import type { TraceContext } from "../identity/trace-context.ts";
import type { CallObserver, ObservedCall, ObservedRun, RunEnd } from "./call-observer.ts";
import { ATTRIBUTE, INVOKE_AGENT } from "./conventions.ts";
import { attributeText } from "./metrics/bounded-names.ts";
import { ObservedRequest } from "./observed-request.ts";
import type { ObservedGuest, RunCounts, TelemetryParts } from "./telemetry-parts.ts";
import { type ActiveSpan, KIND } from "./tracing/tracing.ts";

/** Observes the runs and calls of one guest instance or client. The runs of an instance do not overlap. */
export class GuestObserver implements CallObserver {
	readonly #telemetry: TelemetryParts;
	readonly #guest: ObservedGuest;
	/** Span of the run in progress, or of the last one. */
	#run: ActiveSpan | undefined;
	#counts: RunCounts = { requests: 0, toolCalls: 0 };

	constructor(telemetry: TelemetryParts, guest: ObservedGuest) {
		this.#telemetry = telemetry;
		this.#guest = guest;
	}

	/** The span that log lines of the guest belong to. `undefined` for none. */
	get trace(): TraceContext | undefined {
		return this.#run?.trace ?? this.#guest.trace;
	}

	/** Called when a run starts. */
	beginRun(): ObservedRun {
		const { recorder, tracing } = this.#telemetry;
		const counts: RunCounts = { requests: 0, toolCalls: 0 };
		this.#counts = counts;
		const { name: guest, trace } = this.#guest;
		const name = attributeText(guest);
		const span = tracing?.start({
			name: `${INVOKE_AGENT} ${name}`,
			kind: KIND.internal,
			attributes: { [ATTRIBUTE.operation]: INVOKE_AGENT, [ATTRIBUTE.agentName]: name },
			parent: tracing.parentOf(trace),
		});
		this.#run = span;
		let ended = false;
		return {
			trace: span?.trace ?? trace,
			end: (end: RunEnd) => {
				if (ended) return;
				ended = true;
				const failure = end.error === undefined ? undefined : { code: codeOf(end.error), message: end.error.message };
				span?.setAttributes({ [ATTRIBUTE.cpuTime]: end.cpuMs / 1_000 });
				span?.end(failure);
				recorder?.recordRun({ ...end, guest, errorCode: failure?.code, ...counts });
			},
		};
	}

	begin(operation: Operation, transport: Transport, trace: TraceContext | undefined): ObservedCall {
		const { tracing } = this.#telemetry;
		const { name, isGuest } = this.#guest;
		const call = tracing?.start({
			name: `${isGuest ? "hostcall" : "call"} ${operation}`,
			kind: KIND.internal,
			attributes: { [ATTRIBUTE.guest]: attributeText(name) },
			parent: (trace === undefined ? this.#run?.below : undefined) ?? tracing.parentOf(trace ?? this.#guest.trace),
		});
		return new ObservedRequest({
			telemetry: this.#telemetry,
			guest: name,
			operation,
			transport,
			span: call,
			trace: call?.trace ?? trace ?? this.trace,
			counts: this.#counts,
		});
	}
}

/** Returns the code of an error of a run: that of the host, or the kind of failure of the guest. */
function codeOf(error: NonNullable<RunEnd["error"]>): string {
	return "code" in error ? error.code : error.failure;
}
