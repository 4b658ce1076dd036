import { VendorErrors } from "../../kit/http/vendor-errors.ts";
import { countOf, isObject, type JsonObject, textOf } from "../../kit/json/guards.ts";
import { ROWS } from "./error-table.ts";

/** Most details of an error that are read. Real errors have three. */
const MAX_DETAILS = 20;

/** Longest pause that a body may ask for, in seconds: one day. */
const MAX_PAUSE_S = 86_400;

/**
 * Errors of Google's APIs: `{ error: { code, message, status, details } }`. Streams without server-sent events hold them in a list.
 *
 * @see https://cloud.google.com/apis/design/errors
 */
export const geminiErrors = new VendorErrors({
	rows: ROWS,
	reported: (value) => {
		const first: unknown = Array.isArray(value) ? value[0] : value;
		return isObject(first) && first.error !== undefined ? first : undefined;
	},
	read: (value) => {
		if (!isObject(value) || !isObject(value.error)) return undefined;
		const { code, status, details } = value.error;
		const known = Array.isArray(details) ? details.slice(0, MAX_DETAILS).filter(isObject) : [];
		const httpStatus = countOf(code);
		const retryAfterMs = known.map((detail) => pauseMs(detail.retryDelay)).find((pause) => pause !== undefined);
		return {
			marks: [textOf(status) ?? [], retryAfterMs === undefined ? [] : "retry", ...known.map(marksOf)].flat(),
			status: httpStatus !== undefined && httpStatus >= 400 && httpStatus < 600 ? httpStatus : undefined,
			retryAfterMs,
		};
	},
});

/** Returns the marks of a detail: the reason of an ErrorInfo, or the quotas of a QuotaFailure. */
function marksOf({ reason, violations }: JsonObject): string[] {
	const quotas = Array.isArray(violations) ? violations.slice(0, MAX_DETAILS).filter(isObject) : [];
	return [
		textOf(reason) ?? [],
		...quotas.map(({ quotaId, quotaValue }) => (quotaValue === "0" ? "quota:zero" : `quota:${textOf(quotaId) ?? ""}`)),
	].flat();
}

/** Returns the pause of a RetryInfo, such as `36.4s`, in milliseconds. */
function pauseMs(delay: unknown): number | undefined {
	const [, seconds] = typeof delay === "string" ? (/^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(delay) ?? []) : [];
	return seconds === undefined ? undefined : Math.ceil(Math.min(Number(seconds), MAX_PAUSE_S) * 1000);
}
