import type { Operation } from "../../../../generated/ir/operations.ts";
import { RecentMap } from "../../../collections/recent-map.ts";
import type { Instance } from "../../instances/instance.ts";
import type { EndedRequest } from "../health.ts";
import type { OperationHealth } from "../operation-health.ts";
import { confirms, opens, type PeerEvidence, raisesSuspicion } from "./peer-evidence.ts";
import type { BackendHint, BackendSignal, HintEffect, PeerGuests } from "./peer-hints.ts";
import { named, type ReportsContext } from "./reports-context.ts";
import { Suspicion } from "./suspicion.ts";

/** Hosts whose evidence on one backend is kept. More say nothing more. */
const MAX_HOSTS = 16;

/** Longest suspicion, in milliseconds. */
const MAX_SUSPICION_MS = 60_000;

/** Time for which failures before the breaker opens count at other hosts, in milliseconds. */
const FAILING_MS = 2_000;

/** Time for which hosts that join learn of a recovery, in milliseconds. */
const CLOSED_MS = 10_000;

/**
 * Pause of this host after a failure of its own, in milliseconds: the least time between two, the length, and the end. In the pause, reports reach the
 * other hosts, and theirs reach this one. Otherwise hosts with much traffic would each have several failures before they hear of each other.
 */
const PAUSE = { everyMs: 1_000, lengthMs: 20, endMs: 200 } as const;

/** State of one backend and operation, as this host has told and other hosts have reported it. */
interface Subject {
	readonly instance: string;
	readonly operation: Operation;
	/** By host. */
	readonly evidence: RecentMap<string, PeerEvidence>;
	/** Last state that the other hosts know; `undefined` for a healthy one. */
	told: { readonly openUntil: number; readonly failures: number; readonly guests: PeerGuests } | undefined;
	/** Failures in a row after the request before. */
	failures: number;
	/** Time from which a failure of this host may be followed by a pause. */
	mayPauseAt: number;
	/** Hosts that have brought a trial of this host forward. */
	hastenedBy: readonly string[];
}

/** Reports of hosts on backends: what this host tells, and what others have told. */
export class BackendReports {
	readonly #context: ReportsContext;
	readonly #subjects = new Map<string, Subject>();

	constructor(context: ReportsContext) {
		this.#context = context;
	}

	/** Looks at the state after a request. Opens the breaker if failures of other hosts suffice together with the own ones, and tells of a change. */
	observe({ instance, operation, passage, now }: EndedRequest): void {
		const health = instance.stats.health(operation);
		const { breaker } = health;
		const { failures } = breaker;
		const isHealthy = failures === 0 && breaker.openUntil === 0;
		if (isHealthy && this.#subjects.size === 0) return;
		const subject = isHealthy ? this.#subjects.get(idOf(instance.name, operation)) : this.#subject(instance.name, operation);
		if (subject === undefined) return;
		const hasFailed = failures > subject.failures;
		subject.failures = failures;
		if (hasFailed) this.#weighFailure(subject, health, passage.suspicion !== undefined, now);
		this.#tell(subject, health, now);
	}

	/** Applies a hint of another host. */
	apply(instance: Instance, operation: Operation, hint: BackendHint): HintEffect {
		const { host, kind, failures, guests, leftMs } = hint;
		const now = this.#context.now();
		if (this.#context.isDiscounted(host, kind === "failing" ? "failing" : "breaker", now)) return "discounted";
		const health = instance.stats.health(operation);
		const subject = this.#subject(instance.name, operation);
		if (kind === "breaker_closed") {
			this.#applyRecovery(subject, host, health, now);
			return "applied";
		}
		const isOpen = kind === "breaker_open";
		// A breaker may open by fewer failures than here, because settings differ.
		const counted = isOpen ? Math.max(failures, health.threshold) : failures;
		subject.evidence.set(host, { host, isOpen, failures: counted, guests, until: now + leftMs });
		this.#weighReports(subject, health, isOpen && this.#countsForAll(guests, now), now);
		return "applied";
	}

	/** Forgets what a host has reported. */
	forget(host: string, kind: "failing" | "breaker"): void {
		const now = this.#context.now();
		for (const subject of this.#subjects.values()) {
			const evidence = subject.evidence.get(host);
			if (evidence === undefined || (kind === "failing" && evidence.isOpen)) continue;
			subject.evidence.delete(host);
			this.#endSuspicion(subject, now);
		}
		this.#context.refreshTiers();
	}

	/**
	 * Returns the states that other hosts would need. Weighs reports again: a host without guests cannot know yet whose failures count here.
	 */
	present(): BackendSignal[] {
		const now = this.#context.now();
		const signals: BackendSignal[] = [];
		for (const [id, subject] of this.#subjects) {
			const health = this.#context.instance(subject.instance)?.stats.health(subject.operation);
			const hasReports = this.#reports(subject, now).length > 0;
			if (health === undefined || (subject.told === undefined && !hasReports)) {
				this.#subjects.delete(id);
				continue;
			}
			if (hasReports && health.breaker.failures === 0) this.#weighReports(subject, health, false, now);
			if (subject.told !== undefined && health.breaker.openUntil > now && health.breaker.failures > 0)
				signals.push(this.#openSignal(subject, health, now));
		}
		return signals;
	}

	#weighFailure(subject: Subject, health: OperationHealth, wasTrial: boolean, now: number): void {
		const reports = this.#reports(subject, now);
		for (const host of subject.hastenedBy) this.#context.refute(host, "breaker");
		subject.hastenedBy = [];
		if (health.breaker.state(now) !== "closed") {
			// It has opened by own failures alone: the others were right.
			for (const { host } of reports) this.#context.confirm(host, "breaker");
			health.suspect(undefined);
			return;
		}
		const own = this.#ownEvidence(health, now);
		const lone = this.#context.lone(now);
		const weigh = wasTrial ? confirms : opens;
		if (!weigh(reports, own, health.threshold, lone?.digest)) {
			// What one guest of several has met must keep no other guest waiting.
			if (own.guests === "none" || own.guests === lone?.digest) this.#pause(subject, health, lone?.guest, now);
			return;
		}
		for (const { host } of reports) this.#context.confirm(host, "breaker");
		this.#open(subject, health, reports, now);
	}

	/** Leaves a backend to single requests for a moment. */
	#pause(subject: Subject, health: OperationHealth, guest: string | undefined, now: number): void {
		if (now < subject.mayPauseAt || health.suspicionAt(now) !== undefined) return;
		subject.mayPauseAt = now + PAUSE.everyMs;
		const times = { trialAt: now + PAUSE.lengthMs, until: now + PAUSE.endMs };
		health.suspect(new Suspicion({ ...times, hosts: [], reason: "this host has just met a failure", guest, owner: { onRefuted() {} } }));
		this.#context.refreshTiers();
	}

	#weighReports(subject: Subject, health: OperationHealth, isTrialOfAll: boolean, now: number): void {
		const { breaker } = health;
		if (breaker.state(now) !== "closed") {
			if (isTrialOfAll && breaker.failElsewhere(now) && subject.told !== undefined)
				subject.told = { ...subject.told, openUntil: breaker.openUntil };
			return;
		}
		const reports = this.#reports(subject, now);
		const lone = this.#context.lone(now)?.digest;
		const own = breaker.failures === 0 ? undefined : this.#ownEvidence(health, now);
		if (opens(reports, own, health.threshold, lone)) this.#open(subject, health, reports, now);
		else if (raisesSuspicion(reports, health.threshold, lone)) this.#suspect(subject, health, reports, now);
	}

	#applyRecovery(subject: Subject, host: string, health: OperationHealth, now: number): void {
		subject.evidence.delete(host);
		health.openedBy?.withdraw(host);
		this.#endSuspicion(subject, now);
		const { breaker } = health;
		if (breaker.state(now) !== "open" || !breaker.hasten(now + this.#context.trialDelay(subject.instance))) return;
		subject.hastenedBy = [host];
	}

	#open(subject: Subject, health: OperationHealth, reports: readonly PeerEvidence[], now: number): void {
		const { breaker } = health;
		const hasOwn = breaker.failures > 0;
		health.openByPeers(this.#suspicion(subject, reports, now), now);
		// Reports of others are not repeated: they would count as the evidence of one more host.
		if (!hasOwn) subject.told = { openUntil: breaker.openUntil, failures: 0, guests: "several" };
		subject.failures = breaker.failures;
		this.#context.refreshTiers();
	}

	#suspect(subject: Subject, health: OperationHealth, reports: readonly PeerEvidence[], now: number): void {
		const next = this.#suspicion(subject, reports, now);
		const current = health.suspicionAt(now);
		// A pause of this host would end before the turn of this host for a trial.
		if (current === undefined || current.hosts.length === 0) {
			health.suspect(next);
			this.#context.refreshTiers();
		} else current.update(next);
	}

	/** Ends the suspicion of a backend, if what is left of the reports raises none. */
	#endSuspicion(subject: Subject, now: number): void {
		const health = this.#context.instance(subject.instance)?.stats.health(subject.operation);
		const suspicion = health?.suspicionAt(now);
		if (health === undefined || suspicion === undefined) return;
		const reports = this.#reports(subject, now);
		if (raisesSuspicion(reports, health.threshold, this.#context.lone(now)?.digest)) {
			suspicion.update(this.#suspicion(subject, reports, now));
			return;
		}
		health.suspect(undefined);
		this.#context.refreshTiers();
	}

	#suspicion(subject: Subject, reports: readonly PeerEvidence[], now: number): Suspicion {
		const hosts = reports.map(({ host }) => host);
		const until = Math.max(...reports.map((report) => report.until));
		const isOpen = reports.some((report) => report.isOpen);
		const lone = this.#context.lone(now);
		const isOfLone = lone !== undefined && reports.every(({ guests }) => guests === lone.digest);
		return new Suspicion({
			trialAt: now + this.#context.trialDelay(subject.instance),
			until: Math.min(until, now + MAX_SUSPICION_MS),
			hosts,
			reason: `${named(hosts)} ${isOpen ? "an open breaker" : "failures"}`,
			guest: isOfLone ? lone.guest : undefined,
			owner: {
				onRefuted: (suspicion) => {
					for (const host of suspicion.hosts)
						this.#context.refute(host, subject.evidence.get(host)?.isOpen === false ? "failing" : "breaker");
				},
			},
		});
	}

	#tell(subject: Subject, health: OperationHealth, now: number): void {
		const { breaker } = health;
		const { told } = subject;
		if (breaker.openUntil > 0) {
			if (told?.openUntil === breaker.openUntil || breaker.failures === 0) return;
			this.#context.emit(this.#openSignal(subject, health, now));
			subject.told = { openUntil: breaker.openUntil, failures: breaker.failures, guests: "" };
			return;
		}
		if (breaker.failures === 0) {
			const isKnown = subject.hastenedBy.length > 0;
			subject.hastenedBy = [];
			if (told === undefined) return;
			subject.told = undefined;
			// Otherwise a thousand hosts would tell a thousand hosts of each recovery. Hosts that had failures of their own end their reports.
			if (isKnown && told.failures === 0) return;
			this.#context.emit({ ...this.#signal(subject, health), kind: "breaker_closed", failures: 0, leftMs: CLOSED_MS });
			return;
		}
		const signal = this.#signal(subject, health);
		if (told?.openUntil === 0 && told.failures === signal.failures && told.guests === signal.guests) return;
		subject.told = { openUntil: 0, failures: signal.failures, guests: signal.guests };
		this.#context.emit({ ...signal, kind: "failing", leftMs: FAILING_MS });
	}

	#openSignal(subject: Subject, health: OperationHealth, now: number): BackendSignal {
		const leftMs = Math.max(1, Math.ceil(health.breaker.openUntil - now));
		return { ...this.#signal(subject, health), kind: "breaker_open", leftMs };
	}

	#signal({ instance, operation }: Subject, health: OperationHealth): Omit<BackendSignal, "kind" | "leftMs"> {
		// Failures beyond the threshold say nothing more.
		return { instance, operation, failures: Math.min(health.breaker.failures, health.threshold), guests: this.#guestsOf(health) };
	}

	#ownEvidence(health: OperationHealth, now: number): PeerEvidence {
		return { host: "", isOpen: false, failures: health.breaker.failures, guests: this.#guestsOf(health), until: now };
	}

	#guestsOf({ evidenceBasis }: OperationHealth): PeerGuests {
		return typeof evidenceBasis === "string" ? evidenceBasis : this.#context.digestOf(evidenceBasis.guest);
	}

	#countsForAll(guests: PeerGuests, now: number): boolean {
		return guests === "none" || guests === "several" || guests === this.#context.lone(now)?.digest;
	}

	/** The reports that count now. */
	#reports({ evidence }: Subject, now: number): PeerEvidence[] {
		return [...evidence.values()].filter(
			({ host, isOpen, until }) => until > now && !this.#context.isDiscounted(host, isOpen ? "breaker" : "failing", now),
		);
	}

	#subject(instance: string, operation: Operation): Subject {
		const id = idOf(instance, operation);
		const existing = this.#subjects.get(id);
		if (existing !== undefined) return existing;
		const created: Subject = {
			instance,
			operation,
			evidence: new RecentMap(MAX_HOSTS),
			told: undefined,
			failures: 0,
			mayPauseAt: 0,
			hastenedBy: [],
		};
		this.#subjects.set(id, created);
		return created;
	}
}

function idOf(instance: string, operation: Operation): string {
	return `${operation} ${instance}`;
}
