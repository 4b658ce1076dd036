import type * as types from "../../generated/ir/types.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { RouteDecision } from "../router/decision/route-decision.ts";
import type { HostEvent } from "../telemetry/host-event.ts";

/** Most decisions of a run that are kept, the newest ones. A guest may send any number of requests. Sums count all of them. */
const MAX_DECISIONS = 256;

/** A decision of the router, without the full explanation, which would keep the payload of the request in memory. */
export type RunDecision = Omit<RouteDecision, "explanation" | "type">;

/** The requests of one run, and what they consumed. */
export class RunRecord {
	readonly #decisions: RunDecision[] = [];
	readonly #usage: types.Usage = {};
	#cost: number | undefined = 0;
	#cpuMs: () => number = () => 0;

	/** The last decisions of the router, oldest first. */
	get decisions(): readonly RunDecision[] {
		return this.#decisions;
	}

	/** Sums over all answers. A member that no answer reported is absent. */
	get usage(): types.Usage {
		return { ...this.#usage };
	}

	/** Sum over all answers, in the currency of the prices. `undefined` if the cost of one of them is unknown. */
	get cost(): number | undefined {
		return this.#cost;
	}

	/** CPU time so far, in milliseconds. */
	get cpuMs(): number {
		return this.#cpuMs();
	}

	/** Sets the source of the CPU time. Called when the guest starts. */
	measureCpu(cpuMs: () => number): void {
		this.#cpuMs = cpuMs;
	}

	/** Adds an event of the run. */
	add(event: HostEvent): void {
		if (event.type === "run-ended") this.#cpuMs = () => event.cpuMs;
		if (event.type !== "decision") return;
		if (this.#decisions.length === MAX_DECISIONS) this.#decisions.shift();
		this.#decisions.push(withoutRequest(event));
		for (const name of USAGE_MEMBERS) {
			const amount = event.usage?.[name];
			if (amount !== undefined) this.#usage[name] = (this.#usage[name] ?? 0) + amount;
		}
		const isCharged = event.error === undefined || event.usage !== undefined;
		if (isCharged) this.#cost = this.#cost === undefined || event.cost === undefined ? undefined : this.#cost + event.cost;
	}

	/** Returns an error that a guest passed on, with the cause, the reason and the attribution that the guest could not see. */
	withCause(error: SpearError): SpearError {
		const found = this.#decisions.findLast(
			(decision) => decision.error?.code === error.code && decision.error.message === error.message,
		)?.error;
		if (found === undefined) return error;
		const { reason, attribution, processed, usage, cause } = found;
		return error.with({
			attribution,
			processed,
			...(reason === undefined ? {} : { reason }),
			...(usage === undefined ? {} : { usage }),
			...(cause === undefined ? {} : { cause }),
		});
	}
}

/** Returns a copy of a decision that does not refer to its request. */
function withoutRequest({
	requestId,
	operation,
	chosen,
	attempts,
	outcomes,
	usage,
	cost,
	error,
	events,
	traceId,
}: RouteDecision): RunDecision {
	return {
		requestId,
		operation,
		attempts,
		outcomes,
		...(chosen === undefined ? {} : { chosen }),
		...(usage === undefined ? {} : { usage }),
		...(cost === undefined ? {} : { cost }),
		...(error === undefined ? {} : { error }),
		...(events === undefined ? {} : { events }),
		...(traceId === undefined ? {} : { traceId }),
	};
}

const USAGE_MEMBERS = [
	"input_tokens",
	"output_tokens",
	"total_tokens",
	"cached_input_tokens",
	"reasoning_tokens",
	"cache_write_tokens",
] as const satisfies readonly (keyof types.Usage)[];
