/** Longest delay that is taken from an upstream: one hour, in milliseconds. Otherwise an upstream could disable itself for days. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Returns the delay that an upstream asks for, in milliseconds, at most {@link MAX_RETRY_AFTER_MS}. `undefined` if the headers hold
 * none in a known form. `retry-after` holds seconds or an HTTP date. `retry-after-ms` takes precedence, because it is more exact.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number = Date.now()): number | undefined {
	const delay =
		milliseconds(headers["retry-after-ms"], 1) ?? milliseconds(headers["retry-after"], 1000) ?? untilDate(headers["retry-after"], now);
	return delay === undefined ? undefined : Math.min(Math.max(Math.ceil(delay), 0), MAX_RETRY_AFTER_MS);
}

function milliseconds(value: string | undefined, unit: number): number | undefined {
	return value !== undefined && /^\d{1,15}(\.\d{1,9})?$/.test(value.trim()) ? Number(value) * unit : undefined;
}

function untilDate(value: string | undefined, now: number): number | undefined {
	if (value === undefined || !/^[A-Z][a-z]+, .* GMT$/.test(value.trim())) return undefined;
	const date = Date.parse(value);
	return Number.isNaN(date) ? undefined : date - now;
}
