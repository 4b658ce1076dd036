import { hash32 } from "../../load-balancing/policies/hash.ts";

/**
 * Time over which hosts spread their trials of one backend, in milliseconds: for each host, at least, and at most. A failed trial reaches the others
 * within some milliseconds, which need no trial of their own then.
 */
const SPREAD = { perHostMs: 25, minMs: 1_000, maxMs: 10_000 } as const;

/** Range of a hash. */
const HASHES = 2 ** 32;

/** Returns the time until a host tries a backend that others suspect, in milliseconds. Different for each host, and equal for each hint. */
export function trialDelay(host: string, instance: string, hosts: number): number {
	const spreadMs = Math.min(SPREAD.maxMs, Math.max(SPREAD.minMs, hosts * SPREAD.perHostMs));
	return (spreadMs * hash32(`${host} ${instance}`)) / HASHES;
}
