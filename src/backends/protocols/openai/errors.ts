import { type ErrorDialect, type VendorError, VendorErrors } from "../../kit/http/vendor-errors.ts";
import { isObject, textOf } from "../../kit/json/guards.ts";
import { errorMarks, ROWS } from "./error-table.ts";

/** The way in which OpenAI and compatible servers report errors. */
export const openAiErrorDialect: ErrorDialect = { rows: ROWS, reported, read };

/** Errors of OpenAI and compatible servers. */
export const openAiErrors = new VendorErrors(openAiErrorDialect);

/** The member `error`, or the whole value if it says that it is an error. */
function reported(value: unknown): unknown {
	if (!isObject(value)) return undefined;
	const { error } = value;
	if (error !== undefined && error !== null && error !== "" && error !== false) return error;
	return value.object === "error" || value.type === "error" || value.success === false ? value : undefined;
}

/** Reads the words for programs. Servers differ in which member holds the kind, and in which the HTTP status. */
function read(value: unknown): VendorError | undefined {
	if (Array.isArray(value)) return read(value[0]);
	if (!isObject(value)) return undefined;
	const marks = errorMarks(value);
	const statuses = [value.code, value.status].map((item) => (typeof item === "string" && /^\d{3}$/.test(item) ? Number(item) : item));
	const stated = statuses.find((item): item is number => typeof item === "number" && item >= 400 && item <= 599);
	return { marks, status: stated ?? impliedStatus(marks), place: textOf(value.param) };
}

/** Returns the HTTP status that fits an error without one. */
function impliedStatus(marks: readonly string[]): number {
	const isKind = (pattern: RegExp) => marks.some((mark) => pattern.test(mark));
	if (isKind(/rate_limit|too_many|insufficient_|resource_exhausted/)) return 429;
	if (isKind(/authentication|invalid_api_key/)) return 401;
	if (isKind(/permission/)) return 403;
	if (isKind(/not_found/)) return 404;
	if (isKind(/timeout/)) return 504;
	if (isKind(/invalid_request|bad_request|badrequest|context_length|content_policy|content_filter/)) return 400;
	return 500;
}
