import type { Config } from "../../src/index.ts";

/** A router that adds nothing: every failure is to be seen as it comes, and none has consequences for the next request. */
export const UNASSISTED: NonNullable<Config["router"]> = {
	max_attempts: 1,
	queue_timeout_ms: 0,
	breaker: { consecutive_failures: 1_000 },
	ejection: { max_ejection_percent: 0 },
};

/** Names for one key in so many variables: a failure that takes a key out leaves the others to the next request. */
export function keyNames(name: string, count = 64): string[] {
	return Array.from({ length: count }, (_, index) => `${name}_${index + 1}`);
}

/** An environment that holds the same key under all of these names. */
export function keyEnvironment(names: readonly string[], key: string): Record<string, string> {
	return Object.fromEntries(names.map((name) => [name, key]));
}
