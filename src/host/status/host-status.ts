import type { Operation } from "../../../generated/ir/operations.ts";
import type { ConfigState } from "../../cluster/host-card.ts";
import { type GuestIdentity, guestIdentity } from "../../identity/guest-identity.ts";
import type { ObservedDecision } from "../../router/decision/decision-observers.ts";
import type { LimitStatus } from "../../router/limits/limit-status.ts";
import type { Router } from "../../router/router.ts";
import { AttemptMeter } from "./attempt-meter.ts";
import { type BackendStatus, backendStatus } from "./backend-status.ts";
import { NO_REQUESTS, RequestMeter, type RequestTotals } from "./request-totals.ts";

/** The limits and the requests of one guest. */
export interface GuestStatus {
	/** Name of the guest; `embedder` for requests without a guest, `unnamed` for all guests without a name. */
	readonly name: string;
	/** Name of the entry of the configuration that applies: that of the guest, or `*`. Absent for none. */
	readonly entry?: string;
	/** Requests in flight. Absent unless they are limited. */
	readonly inFlight?: number;
	/** Empty for `unnamed`: each of these guests has limits of its own. */
	readonly limits: readonly LimitStatus[];
	readonly totals: RequestTotals;
	/** End of the latest request, in milliseconds since 1970. Absent for none. */
	readonly lastRequestAtMs?: number;
}

/** The state of a host. Counts begin at the first call of `Host.status` or `Host.observe`. */
export interface HostStatus {
	/** Requests in flight by operation, and requests that wait for a backend, which count as in flight too. */
	readonly requests: { readonly inFlight: ReadonlyMap<Operation, number>; readonly pending: number };
	/** Live instances of agents, and runs that wait for a place. */
	readonly runs: { readonly running: number; readonly pending: number };
	readonly totals: RequestTotals;
	/** The configuration in use. */
	readonly config: ConfigState;
	/** In the order of the configuration. */
	readonly backends: readonly BackendStatus[];
	/** Guests of the configuration, and at most 1000 guests whose requests were seen lately. */
	readonly guests: readonly GuestStatus[];
}

/** The parts of a host that its status is made of. */
export interface HostStatusSource {
	readonly router: Pick<
		Router,
		"instances" | "configured" | "load" | "observe" | "overrideOf" | "instanceLimits" | "guestLimits" | "guestEntries"
	>;
	readonly runs: { readonly running: number; readonly pending: number };
	readonly isEmbedded: () => boolean;
	readonly config: () => ConfigState;
	/** Names of the variables and files of a backend's keys that are not set. */
	readonly missingKeys: (backend: string) => readonly string[];
	/** Returns milliseconds of the router's clock. */
	readonly now: () => number;
	/** Returns milliseconds since 1970. */
	readonly wallClock: () => number;
}

/** Measures a host from the first use on. Before it, requests cost nothing for their measurement. */
export class StatusMeter {
	readonly #source: HostStatusSource;
	readonly #attempts = new AttemptMeter();
	readonly #requests = new RequestMeter();

	constructor(source: HostStatusSource) {
		this.#source = source;
		source.router.observe((observed) => this.#record(observed));
	}

	/** Returns the present state. */
	status(): HostStatus {
		const { router, runs, config } = this.#source;
		const { inFlight, pending } = router.load;
		return {
			requests: { inFlight: new Map(inFlight), pending },
			runs: { running: runs.running, pending: runs.pending },
			totals: { ...this.#requests.total },
			config: config(),
			backends: this.#backends(),
			guests: this.#guests(),
		};
	}

	#record(observed: ObservedDecision): void {
		this.#attempts.record(observed);
		this.#requests.record(observed);
	}

	#backends(): BackendStatus[] {
		const { router, isEmbedded, missingKeys, now, wallClock } = this.#source;
		const { instances, configured } = router;
		this.#attempts.keep(new Set(instances.map(({ name }) => name)));
		const source = { router, meter: this.#attempts, isEmbedded: isEmbedded(), missingKeys, now: now(), wallMs: wallClock() };
		return instances.map((instance, index) => backendStatus(instance, configured[index]?.weight ?? instance.weight, source));
	}

	#guests(): GuestStatus[] {
		const { router } = this.#source;
		const guests = new Map<string, GuestIdentity>();
		for (const entry of router.guestEntries) if (entry !== "*") guests.set(entry, guestIdentity(entry));
		for (const [name, { guest }] of this.#requests.guests) guests.set(name, guest);
		return [...guests].map(([name, guest]) => this.#guest(name, guest));
	}

	#guest(name: string, guest: GuestIdentity): GuestStatus {
		const { entry, inFlight, limits } = this.#source.router.guestLimits(guest);
		const seen = this.#requests.guests.get(name);
		const isOne = name === guest.name || guest.id === "";
		const { requests, errors, cancelled, inputTokens, outputTokens, cost } = seen ?? NO_REQUESTS;
		return {
			name,
			...(entry === "" ? {} : { entry }),
			...(inFlight === undefined || !isOne ? {} : { inFlight }),
			limits: isOne ? limits : [],
			totals: { requests, errors, cancelled, inputTokens, outputTokens, cost },
			...(seen === undefined ? {} : { lastRequestAtMs: seen.lastRequestAtMs }),
		};
	}
}
