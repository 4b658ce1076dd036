import type { Config } from "../../src/index.ts";

/** A router without retries, circuit breakers and ejection: each failure reaches the test, and none affects the next request. */
export const UNASSISTED: NonNullable<Config["router"]> = {
	max_attempts: 1,
	queue_timeout_ms: 0,
	breaker: { consecutive_failures: 1_000 },
	ejection: { max_ejection_percent: 0 },
};

/** Returns names of variables that all hold one key, so that a rejected key leaves others for the next request. */
export function keyNames(name: string, count = 64): string[] {
	return Array.from({ length: count }, (_, index) => `${name}_${index + 1}`);
}

/** Returns an environment with the same key under all of these names. */
export function keyEnvironment(names: readonly string[], key: string): Record<string, string> {
	return Object.fromEntries(names.map((name) => [name, key]));
}
