import { RecentMap } from "../../../collections/recent-map.ts";
import type { Key } from "../../instances/keys/key.ts";
import type { EndedRequest } from "../health.ts";
import type { HintEffect, KeyHint, KeySignal, PeerGuests } from "./peer-hints.ts";
import { named, type ReportsContext } from "./reports-context.ts";
import { Suspicion } from "./suspicion.ts";

/** Hosts whose evidence on one key is kept. */
const MAX_HOSTS = 16;

/** Longest suspicion, in milliseconds. */
const MAX_SUSPICION_MS = 60_000;

interface KeyEvidence {
	readonly host: string;
	readonly kind: KeySignal["kind"];
	readonly guests: PeerGuests;
	readonly isSameValue: boolean;
	readonly until: number;
}

interface Subject {
	readonly key: Key;
	/** By host. */
	readonly evidence: RecentMap<string, KeyEvidence>;
	/** End of the last rejection or cooldown that the other hosts know. */
	toldUntil: number;
}

/** Reports of hosts on keys: what this host tells, and what others have told. */
export class KeyReports {
	readonly #context: ReportsContext;
	readonly #subjects = new WeakMap<Key, Subject>();
	/** Keys on which others have reported. */
	readonly #reported = new Set<Subject>();

	constructor(context: ReportsContext) {
		this.#context = context;
	}

	/** Reports a key that has become unavailable to all guests. */
	announce({ instance, key, now }: EndedRequest, kind: KeySignal["kind"]): void {
		const until = key.unavailableUntil(now);
		const subject = this.#subject(key);
		if (until <= now || !Number.isFinite(until) || until === subject.toldUntil) return;
		subject.toldUntil = until;
		for (const { host } of this.#reports(subject, now)) this.#context.confirm(host, "key");
		const guests = key.metBy === undefined ? "several" : this.#context.digestOf(key.metBy);
		this.#context.emit({ kind, instance: instance.name, key, guests, leftMs: Math.ceil(until - now) });
	}

	/** Applies a hint of another host. */
	apply({ host, kind, instance, key: number, guests, leftMs, isSameValue }: KeyHint): HintEffect {
		const now = this.#context.now();
		const key = this.#context.instance(instance)?.keys.keys.find((each) => each.number === number);
		if (key?.name === undefined) return "unknown";
		if (this.#context.isDiscounted(host, "key", now)) return "discounted";
		const subject = this.#subject(key);
		subject.evidence.set(host, { host, kind, guests, isSameValue, until: now + leftMs });
		this.#reported.add(subject);
		this.#weigh(subject, instance, now);
		return "applied";
	}

	/** Forgets what a host has reported. */
	forget(host: string): void {
		const now = this.#context.now();
		for (const subject of this.#reported) {
			subject.evidence.delete(host);
			const reports = this.#reports(subject, now);
			if (reports.length === 0) this.#reported.delete(subject);
			if (!this.#isOfSeveral(reports, now)) subject.key.suspect(undefined);
		}
		this.#context.refreshTiers();
	}

	#weigh(subject: Subject, instance: string, now: number): void {
		const { key } = subject;
		if (key.unavailableUntil(now) > 0) return;
		const reports = this.#reports(subject, now);
		if (!this.#isOfSeveral(reports, now)) return;
		const next = this.#suspicion(instance, key, reports, now);
		const current = key.suspicionAt(now);
		if (current === undefined || next.trialAt > current.trialAt) this.#context.instance(instance)?.keys.suspect(key, next);
		else current.update(next);
		this.#context.refreshTiers();
	}

	/**
	 * Returns the suspicion that reports raise. By one report, this host tries the key soon. Two hosts that surely have the same value make the key wait for the shorter of their times. In both cases
	 * a request that no other key can serve uses the key: hints alone must not leave a request without a key.
	 */
	#suspicion(instance: string, { number }: Key, reports: readonly KeyEvidence[], now: number): Suspicion {
		const hosts = reports.map(({ host }) => host);
		const lone = this.#context.lone(now);
		const isOfLone = lone !== undefined && reports.every(({ guests }) => guests === lone.digest);
		const isRejected = reports.some(({ kind }) => kind === "key_rejected");
		const [, shorter] = reports.filter(({ isSameValue }) => isSameValue).sort((a, b) => b.until - a.until);
		const soon = now + this.#context.trialDelay(`${instance} ${number}`);
		const longest = Math.min(Math.max(...reports.map(({ until }) => until)), now + MAX_SUSPICION_MS);
		const trialAt = shorter === undefined ? soon : Math.max(soon, shorter.until);
		return new Suspicion({
			trialAt,
			until: shorter === undefined ? longest : Math.max(longest, trialAt + MAX_SUSPICION_MS),
			hosts,
			reason: `${named(hosts)} ${isRejected ? "a rejected key" : "a key without quota"}`,
			guest: isOfLone ? lone.guest : undefined,
			owner: {
				onRefuted: (suspicion) => {
					for (const host of suspicion.hosts) this.#context.refute(host, "key");
				},
			},
		});
	}

	/** Returns true if requests of one guest of another host cannot be the only cause. */
	#isOfSeveral(reports: readonly KeyEvidence[], now: number): boolean {
		const lone = this.#context.lone(now)?.digest;
		const guests = new Set(reports.map((report) => report.guests));
		return guests.size >= 2 || guests.has("several") || guests.has("none") || (lone !== undefined && guests.has(lone));
	}

	/** The reports that count now. */
	#reports({ evidence }: Subject, now: number): KeyEvidence[] {
		return [...evidence.values()].filter(({ host, until }) => until > now && !this.#context.isDiscounted(host, "key", now));
	}

	#subject(key: Key): Subject {
		const existing = this.#subjects.get(key);
		if (existing !== undefined) return existing;
		const created: Subject = { key, evidence: new RecentMap(MAX_HOSTS), toldUntil: 0 };
		this.#subjects.set(key, created);
		return created;
	}
}
