import type { HintEffect, PeerHint, PeerSignal } from "../../router/resilience/peers/peer-hints.ts";
import type { Peers } from "../../router/resilience/peers/peers.ts";
import type { Router } from "../../router/router.ts";
import type { Clock } from "../../time/clock.ts";
import { boundedMs } from "../hint-form.ts";
import type { Hint, ReceivedHint } from "../hints.ts";
import type { SharedStore } from "../shared-store.ts";
import { Inbox } from "./inbox.ts";
import { Outbox } from "./outbox.ts";
import type { SignalNames } from "./signal-names.ts";
import { noSignals, type SignalCounts, type SignalStatistics } from "./signal-statistics.ts";

/** Time between two reads of all hints that are present, in milliseconds. Messages may be lost. */
const READ_MS = 10_000;

export interface HostSignalsOptions {
	/** Returns the name of this host, which may change. */
	readonly host: () => string;
	readonly store: Pick<SharedStore, "hints" | "connection">;
	readonly router: Pick<Router, "joinPeers">;
	readonly names: SignalNames;
	readonly clock: Clock;
	/** Returns the number of hosts, over which trials are spread. The default, and for `undefined`, is 4. */
	readonly hosts?: () => number | undefined;
}

const EFFECTS: Readonly<Record<HintEffect, keyof SignalStatistics>> = {
	applied: "applied",
	unknown: "unknown",
	invalid: "refused",
	discounted: "discounted",
};

/**
 * Carries hints between the router of this host and the shared store. While the store is unreachable, hints are lost and the router acts alone.
 */
export class HostSignals {
	readonly #options: HostSignalsOptions;
	readonly #peers: Peers;
	readonly #outbox: Outbox;
	readonly #inbox = new Inbox();
	readonly #counts: SignalCounts = noSignals();
	readonly #ends: (() => void)[];
	#cancelRead: (() => void) | undefined;
	#closed = false;

	/** Joins the other hosts: reads the hints that are present, and listens to further ones. */
	constructor(options: HostSignalsOptions) {
		const { host, store, router, names, clock, hosts } = options;
		this.#options = options;
		this.#outbox = new Outbox(clock, (hints) => this.#publish(hints));
		this.#peers = router.joinPeers({
			host,
			hosts: () => hosts?.(),
			digestOf: (guest) => names.ofGuest(guest),
			onSignal: (signal) => this.#outbox.add(this.#hintOf(signal)),
			onRefuted: () => {
				this.#counts.refuted += 1;
			},
		});
		this.#ends = [
			store.hints.subscribe((hint) => this.#receive(hint)),
			store.connection.onChange(({ reachable }) => {
				if (reachable) this.#rejoin();
			}),
		];
		void this.read();
		this.#readLater();
	}

	get statistics(): SignalStatistics {
		return { ...this.#counts };
	}

	/** Reads and applies the hints that are present. Never rejects. */
	async read(): Promise<void> {
		try {
			const { hints, refused } = await this.#options.store.hints.present();
			this.#counts.refused += refused;
			for (const hint of hints) this.#receive(hint);
		} catch {
			// The connection reports that the store is unreachable. The next read follows by itself.
		}
	}

	close(): void {
		this.#closed = true;
		this.#cancelRead?.();
		this.#outbox.close();
		for (const end of this.#ends) end();
	}

	/** Hints were lost while there was no connection, in both directions. */
	#rejoin(): void {
		for (const signal of this.#peers.present()) this.#outbox.add(this.#hintOf(signal));
		void this.read();
	}

	#readLater(): void {
		this.#cancelRead = this.#options.clock.after(READ_MS, () => {
			this.#peers.present(); // Forgets backends without news.
			void this.read().finally(() => {
				if (!this.#closed) this.#readLater();
			});
		});
	}

	async #publish(hints: readonly Hint[]): Promise<void> {
		try {
			await this.#options.store.hints.publish(this.#options.host(), hints);
			this.#counts.sent += hints.length;
		} catch {
			this.#counts.unsent += hints.length;
		}
	}

	#receive(hint: ReceivedHint): void {
		if (this.#closed || hint.host === this.#options.host()) return;
		const verdict = this.#inbox.judge(hint, this.#options.clock.now());
		if (verdict === "copy") return;
		this.#counts.received += 1;
		if (verdict === "flood") {
			this.#counts.flooded += 1;
			return;
		}
		const applicable = this.#peerHintOf(hint);
		this.#counts[applicable === undefined ? "unknown" : EFFECTS[this.#peers.apply(applicable)]] += 1;
	}

	#hintOf(signal: PeerSignal): Hint {
		const { kind, instance: backend, guests } = signal;
		const leftMs = boundedMs(signal.leftMs);
		if ("key" in signal) return { kind, backend, operation: "", key: this.#options.names.ofKey(signal.key), failures: 0, guests, leftMs };
		return { kind, backend, operation: signal.operation, key: "", failures: signal.failures, guests, leftMs };
	}

	/** Returns a hint for the router; `undefined` if this host has no such key. */
	#peerHintOf({ host, kind, backend: instance, operation, key, failures, guests, leftMs }: ReceivedHint): PeerHint | undefined {
		if (kind === "key_rejected" || kind === "key_cooldown") {
			const named = this.#options.names.keyOf(key, this.#peers.keysOf(instance));
			return named === undefined ? undefined : { host, kind, instance, key: named.number, isSameValue: named.isSameValue, guests, leftMs };
		}
		return { host, kind, instance, operation, failures, guests, leftMs };
	}
}
