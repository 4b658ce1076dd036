import type { Clock } from "../../time/clock.ts";
import { type HostCard, readCard } from "../host-card.ts";
import type { Members, StoredMembers } from "../members.ts";
import { isHostName, isInstance } from "./names.ts";

/** Time for which a list is used again, in milliseconds. Several readers ask for the same one. */
const MAX_AGE_MS = 500;

/** A host as this host knows it. */
export interface KnownHost {
	readonly name: string;
	readonly instance: string;
	readonly card: HostCard;
	/** Time of its last renewal, in milliseconds since 1970, by the clock of this host. */
	readonly seenAtMs: number;
}

/** The hosts as this host knows them. */
export interface HostList {
	/** False while the store cannot be reached: the hosts are then those of the last contact. */
	readonly isCurrent: boolean;
	/** Time of the last contact with the store, in milliseconds since 1970. Absent before the first one. */
	readonly contactMs?: number;
	/** In the order of their names. */
	readonly hosts: readonly KnownHost[];
	/** Hosts whose values in the store cannot be used, with the reason. */
	readonly refused: readonly { readonly name: string; readonly fault: string }[];
}

const NO_HOSTS: HostList = { isCurrent: false, hosts: [], refused: [] };

/** The list of hosts, with the last one for times without a store. */
export class KnownHosts {
	readonly #members: Members;
	readonly #clock: Clock;
	readonly #wallClock: () => number;
	#last = NO_HOSTS;
	#loadedAt = Number.NEGATIVE_INFINITY;
	#loading: Promise<HostList> | undefined;

	/** @param wallClock Returns milliseconds since 1970. */
	constructor(members: Members, clock: Clock, wallClock: () => number) {
		this.#members = members;
		this.#clock = clock;
		this.#wallClock = wallClock;
	}

	/** Returns the hosts. Never rejects. */
	list(): Promise<HostList> {
		if (this.#last.isCurrent && this.#clock.now() - this.#loadedAt < MAX_AGE_MS) return Promise.resolve(this.#last);
		this.#loading ??= this.#load().finally(() => {
			this.#loading = undefined;
		});
		return this.#loading;
	}

	/** The next list is read from the store. */
	forget(): void {
		this.#loadedAt = Number.NEGATIVE_INFINITY;
	}

	async #load(): Promise<HostList> {
		const startedAt = this.#clock.now();
		try {
			this.#last = this.#listOf(await this.#members.list());
			this.#loadedAt = startedAt;
		} catch {
			this.#last = { ...this.#last, isCurrent: false };
		}
		return this.#last;
	}

	#listOf({ atMs, members, refused }: StoredMembers): HostList {
		const now = this.#wallClock();
		const hosts: KnownHost[] = [];
		const faulty = refused.map(({ name, fault }) => ({ name: isHostName(name) ? name : "?", fault }));
		for (const { name, instance, card, seenAtMs } of members) {
			try {
				if (!isHostName(name) || !isInstance(instance)) throw new Error("its name or its instance has another form");
				hosts.push({ name, instance, card: readCard(card), seenAtMs: now - Math.max(0, atMs - seenAtMs) });
			} catch (thrown) {
				faulty.push({ name: isHostName(name) ? name : "?", fault: thrown instanceof Error ? thrown.message : String(thrown) });
			}
		}
		return { isCurrent: true, contactMs: now, hosts, refused: faulty };
	}
}
