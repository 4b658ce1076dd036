import type { Instance } from "../../instances/instance.ts";
import type { TrustedKind } from "./peer-discounts.ts";
import type { PeerGuests, PeerSignal } from "./peer-hints.ts";

/** The parts of the exchange that reports use. */
export interface ReportsContext {
	emit(signal: PeerSignal): void;
	digestOf(guest: string): PeerGuests;
	lone(now: number): { readonly guest: string; readonly digest: PeerGuests } | undefined;
	isDiscounted(host: string, kind: TrustedKind, now: number): boolean;
	confirm(host: string, kind: TrustedKind): void;
	refute(host: string, kind: TrustedKind): void;
	/** Time until this host tries an instance that others suspect, in milliseconds. */
	trialDelay(instance: string): number;
	instance(name: string): Instance | undefined;
	now(): number;
	/** Makes all tiers look at their members again. */
	refreshTiers(): void;
}

/** Returns the subject and the verb of a reason. At most two hosts are named. */
export function named(hosts: readonly string[]): string {
	const [first, second] = hosts;
	if (second === undefined) return `host ${first} reports`;
	return hosts.length === 2 ? `hosts ${first} and ${second} report` : `hosts ${first}, ${second} and ${hosts.length - 2} more report`;
}
