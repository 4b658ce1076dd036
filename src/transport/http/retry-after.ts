/** The longest wait an upstream can make us promise: one hour, in milliseconds. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * How long the upstream asks to wait, in milliseconds, at most {@link MAX_RETRY_AFTER_MS}; `undefined` when it does not say or
 * says it in no form we know. `retry-after` holds seconds or an HTTP date; the more exact `retry-after-ms` wins.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number = Date.now()): number | undefined {
	const wait =
		milliseconds(headers["retry-after-ms"], 1) ?? milliseconds(headers["retry-after"], 1000) ?? untilDate(headers["retry-after"], now);
	return wait === undefined ? undefined : Math.min(Math.max(Math.ceil(wait), 0), MAX_RETRY_AFTER_MS);
}

function milliseconds(value: string | undefined, unit: number): number | undefined {
	return value !== undefined && /^\d{1,15}(\.\d{1,9})?$/.test(value.trim()) ? Number(value) * unit : undefined;
}

function untilDate(value: string | undefined, now: number): number | undefined {
	if (value === undefined || !/^[A-Z][a-z]+, .* GMT$/.test(value.trim())) return undefined;
	const date = Date.parse(value);
	return Number.isNaN(date) ? undefined : date - now;
}
