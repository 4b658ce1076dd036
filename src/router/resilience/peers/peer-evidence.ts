import type { PeerGuests } from "./peer-hints.ts";

/** Failures that one host has seen. */
export interface PeerEvidence {
	/** Name of the host. */
	readonly host: string;
	readonly isOpen: boolean;
	readonly failures: number;
	readonly guests: PeerGuests;
	/** In milliseconds of the router's clock. */
	readonly until: number;
}

/** Sum of the evidence of several hosts. */
interface Sum {
	readonly failures: number;
	/** True if requests of one guest cannot be the only cause. */
	readonly isOfSeveral: boolean;
}

/**
 * Returns the part of the threshold that one host or one guest can contribute: half, rounded up. As in one host, any number of failures of one
 * would otherwise need only one of another.
 */
export function shareOf(threshold: number): number {
	return Math.ceil(threshold / 2);
}

/**
 * Returns true if the evidence opens a breaker for all guests: of at least two hosts, with failures of at least two guests or failures that no
 * request can cause.
 *
 * @param own Evidence of this host. Not bounded, because this host does not lie to itself.
 * @param lone Digest of the only guest of this host. Failures of that guest count for all guests here, as there are no others.
 */
export function opens(
	peers: readonly PeerEvidence[],
	own: PeerEvidence | undefined,
	threshold: number,
	lone: PeerGuests | undefined,
): boolean {
	if (peers.length + (own === undefined ? 0 : 1) < 2) return false;
	const { failures, isOfSeveral } = sum(peers, own, threshold, lone);
	return failures >= threshold && isOfSeveral;
}

/**
 * Returns true if a failed trial opens a breaker: the trial is a failure of this host, and the guests of both hosts suffice.
 */
export function confirms(peers: readonly PeerEvidence[], own: PeerEvidence, threshold: number, lone: PeerGuests | undefined): boolean {
	return peers.length > 0 && sum(peers, own, threshold, lone).isOfSeveral;
}

/**
 * Returns true if the evidence raises a suspicion. An open breaker does. Before, the first failure that no request can cause does, and otherwise
 * half of the failures that open a breaker: single failures happen to healthy backends too.
 */
export function raisesSuspicion(peers: readonly PeerEvidence[], threshold: number, lone: PeerGuests | undefined): boolean {
	const share = shareOf(threshold);
	const suffices = ({ isOpen, failures, guests }: PeerEvidence): boolean =>
		guests === "none" || ((guests === "several" || guests === lone) && (isOpen || failures >= share));
	if (peers.some(suffices)) return true;
	const total = sum(peers, undefined, threshold, lone);
	return total.isOfSeveral && total.failures >= share;
}

function sum(peers: readonly PeerEvidence[], own: PeerEvidence | undefined, threshold: number, lone: PeerGuests | undefined): Sum {
	const share = shareOf(threshold);
	const byGuest = new Map<PeerGuests, number>();
	/** Failures that count for all guests. */
	let forAll = 0;
	let hasSeveral = false;
	for (const evidence of own === undefined ? peers : [...peers, own]) {
		const { guests } = evidence;
		const failures = evidence === own ? evidence.failures : Math.min(evidence.failures, share);
		if (guests === "several") hasSeveral = true;
		if (guests === "none" || guests === "several" || guests === lone) forAll += failures;
		else byGuest.set(guests, (byGuest.get(guests) ?? 0) + failures);
	}
	let failures = forAll;
	for (const count of byGuest.values()) failures += Math.min(count, share);
	const isOfSeveral = hasSeveral || byGuest.size >= 2 || forAll > 0;
	return { failures, isOfSeveral };
}
