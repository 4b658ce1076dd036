import type { Operation } from "../../../../generated/ir/operations.ts";
import type { Clock } from "../../../time/clock.ts";
import type { Instance } from "../../instances/instance.ts";
import type { Key } from "../../instances/keys/key.ts";
import type { RecoveryEpoch } from "../../load-balancing/tier.ts";
import type { ActiveGuests } from "../guests/active-guests.ts";
import type { EndedRequest, HealthTransition } from "../health.ts";
import { BackendReports } from "./backend-reports.ts";
import { KeyReports } from "./key-reports.ts";
import { PeerDiscounts, type TrustedKind } from "./peer-discounts.ts";
import type { BackendHint, HintEffect, KeyHint, PeerGuests, PeerHint, PeerOptions, PeerSignal } from "./peer-hints.ts";
import type { ReportsContext } from "./reports-context.ts";
import { trialDelay } from "./stagger.ts";

/** Longest time for which a hint counts, in milliseconds. */
const MAX_HINT_MS = 600_000;

/** Longest name of a host, in characters. */
const MAX_NAME_CHARS = 64;

/** Most failures that a hint may report. */
const MAX_FAILURES = 100;

/** Hosts among which trials are spread, if their number is not known. */
const ASSUMED_HOSTS = 4;

/** The parts of the router that the exchange uses. */
export interface PeersContext {
	readonly clock: Clock;
	readonly guests: ActiveGuests;
	readonly recoveryEpoch: RecoveryEpoch;
	/** Returns the instance with this name; `undefined` for none. */
	instance(name: string): Instance | undefined;
}

/**
 * The exchange of one router with those of other hosts: reports changes of its backends and keys, and weighs the reports of others. Knows no store.
 *
 * After a hint of one host, single requests try the backend, one after another. Hints of two hosts, with failures of two guests or failures that no
 * request can cause, open the breaker. Hosts whose hints own trials refute are ignored for a growing time.
 */
export class Peers {
	readonly #context: PeersContext;
	readonly #options: PeerOptions;
	readonly #discounts = new PeerDiscounts();
	readonly #backends: BackendReports;
	readonly #keys: KeyReports;

	constructor(context: PeersContext, options: PeerOptions) {
		this.#context = context;
		this.#options = options;
		const base: ReportsContext = {
			emit: (signal: PeerSignal) => options.onSignal(signal),
			digestOf: (guest: string) => options.digestOf(guest),
			lone: (now: number) => this.#lone(now),
			isDiscounted: (host: string, kind: TrustedKind, now: number) => this.#discounts.isDiscounted(host, kind, now),
			confirm: (host: string, kind: TrustedKind) => this.#discounts.confirm(host, kind),
			refute: (host: string, kind: TrustedKind) => this.#refute(host, kind),
			trialDelay: (instance: string) => trialDelay(options.host(), instance, options.hosts?.() ?? ASSUMED_HOSTS),
			instance: (name: string) => context.instance(name),
			now: () => context.clock.now(),
			refreshTiers: () => {
				context.recoveryEpoch.value += 1;
			},
		};
		this.#backends = new BackendReports(base);
		this.#keys = new KeyReports(base);
	}

	/** Records the end of a request, or its first output if that closed a breaker. Tells the other hosts of a change. */
	observe(ended: EndedRequest, transition: HealthTransition): void {
		if (transition === "key_rejected" || transition === "key_cooldown") this.#keys.announce(ended, transition);
		this.#backends.observe(ended);
	}

	/** Applies a hint of another host. */
	apply(hint: PeerHint): HintEffect {
		const { host, leftMs } = hint;
		if (host === "" || host.length > MAX_NAME_CHARS || host === this.#options.host() || !(leftMs > 0)) return "invalid";
		const bounded = Math.min(leftMs, MAX_HINT_MS);
		return isKeyHint(hint) ? this.#keys.apply({ ...hint, leftMs: bounded }) : this.#applyToBackend({ ...hint, leftMs: bounded });
	}

	/** Returns the keys of an instance. Empty for an unknown one. */
	keysOf(instance: string): readonly Key[] {
		return this.#context.instance(instance)?.keys.keys ?? [];
	}

	/** Returns the present state of this host, for the others. */
	present(): PeerSignal[] {
		return this.#backends.present();
	}

	#applyToBackend(hint: BackendHint): HintEffect {
		const instance = this.#context.instance(hint.instance);
		if (!Number.isInteger(hint.failures) || hint.failures < 0 || hint.failures > MAX_FAILURES) return "invalid";
		if (instance === undefined) return "unknown";
		const operation = operationOf(instance, hint.operation);
		return operation === undefined ? "unknown" : this.#backends.apply(instance, operation, hint);
	}

	/** Forgets what a host that was wrong has reported of the same kind: each backend would else need a trial. */
	#refute(host: string, kind: TrustedKind): void {
		this.#discounts.refute(host, kind, this.#context.clock.now());
		if (kind === "key") this.#keys.forget(host);
		else this.#backends.forget(host, kind);
		this.#options.onRefuted?.(host);
	}

	/** Digest of the only guest of this host; `undefined` if there are several, or none yet. */
	#lone(now: number): { readonly guest: string; readonly digest: PeerGuests } | undefined {
		const guest = this.#context.guests.lone(now);
		return guest === undefined ? undefined : { guest, digest: this.#options.digestOf(guest) };
	}
}

function isKeyHint(hint: PeerHint): hint is KeyHint {
	return hint.kind === "key_rejected" || hint.kind === "key_cooldown";
}

function operationOf({ operations }: Instance, name: string): Operation | undefined {
	for (const operation of operations.keys()) if (operation === name) return operation;
	return undefined;
}
