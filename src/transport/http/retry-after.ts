import { parseHttpDate } from "../../formats/http-date.ts";

/** Longest delay that is taken from an upstream: one hour, in milliseconds. Otherwise an upstream could disable itself for days. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Returns the delay that an upstream asks for, in milliseconds, at most {@link MAX_RETRY_AFTER_MS}. `undefined` if the headers hold
 * none in a known form. `retry-after` holds seconds or an HTTP date. `retry-after-ms` takes precedence, because it is more exact.
 * A negative number is no delay in a known form. A date that has passed is a delay of 0.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number = Date.now()): number | undefined {
	const { "retry-after-ms": exact, "retry-after": usual } = headers;
	const delay = milliseconds(exact, 1) ?? milliseconds(usual, 1000) ?? untilDate(usual, now);
	return delay === undefined ? undefined : Math.min(Math.max(Math.ceil(delay), 0), MAX_RETRY_AFTER_MS);
}

/** Returns a number of `unit` milliseconds. Of several numbers, which a proxy may join, the largest. */
function milliseconds(value: string | undefined, unit: number): number | undefined {
	const numbers = value?.split(",").map((item) => item.trim());
	return numbers?.every((item) => /^\d+(\.\d+)?$/.test(item)) ? Math.max(...numbers.map(Number)) * unit : undefined;
}

function untilDate(value: string | undefined, now: number): number | undefined {
	const date = value === undefined ? undefined : parseHttpDate(value.trim(), now);
	return date === undefined ? undefined : date - now;
}
