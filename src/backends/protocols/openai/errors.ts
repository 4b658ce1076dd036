import { SpearError } from "../../../errors/spear-error.ts";
import { parseJson } from "../../../formats/json.ts";
import { essenceOf } from "../../../formats/media-type.ts";
import { guestText } from "../../../redaction/guest-text.ts";
import { redactBeginning } from "../../../redaction/redact-beginning.ts";
import type { JsonAnswer } from "../../../transport/http/answer.ts";
import type { Exchange } from "../../../transport/http/exchange.ts";
import { quotaError, type StatusFailure, statusCause, statusError } from "../../../transport/http/status-error.ts";
import { cutErrorText, errorText } from "../../kit/error-text.ts";
import { isObject, type JsonObject, textOf } from "../../kit/json/guards.ts";
import { type ErrorMeaning, errorMarks, meaningOf } from "./error-table.ts";

/** An error as OpenAI and compatible servers describe it. */
interface UpstreamError {
	readonly message: string | undefined;
	/** Words for programs, in lower case: `type`, `code` and others. Servers differ in which member holds the kind. */
	readonly kinds: readonly string[];
	/** HTTP status, if `code` or `status` holds one. */
	readonly status: number | undefined;
	/** Name of the member of the request at fault. */
	readonly param: string | undefined;
}

/** Returns the error for a status that is not a success. */
export function openAiStatusError(failure: StatusFailure): SpearError {
	return toSpearError(failure, failure.status, parseBody(failure.body) ?? plainError(failure));
}

/** Returns the error that an upstream reports within a successful answer: in an event of a stream, or in place of a result. */
export function openAiReportedError(exchange: Exchange, value: unknown): SpearError {
	const body = redactBeginning(JSON.stringify(value), exchange.redact);
	const stated = parseError(value);
	// Descriptions are cut, so they come from redacted text. Otherwise a cut through a key would leave a part that no redactor finds.
	const error = stated && { ...stated, message: parseBody(body)?.message };
	return toSpearError({ ...exchange, status: 200, headers: {}, body, retryAfterMs: undefined }, impliedStatus(error), error);
}

/**
 * Returns the error in an answer or event, or `undefined` if it reports none: the member `error`, or the whole value if it says that it
 * is an error.
 */
export function reportedError(value: unknown): unknown {
	if (!isObject(value)) return undefined;
	const { error } = value;
	if (error !== undefined && error !== null && error !== "" && error !== false) return error;
	return value.object === "error" || value.type === "error" || value.success === false ? value : undefined;
}

/**
 * Returns a successful answer as an object.
 *
 * @param wrong Makes the error for an answer that is not an object.
 * @throws SpearError the error that the upstream reports in place of a result.
 */
export function resultObject({ value, exchange }: JsonAnswer, wrong: (what: string) => Error): JsonObject {
	const reported = reportedError(value);
	if (reported !== undefined) throw openAiReportedError(exchange, reported);
	if (!isObject(value)) throw wrong("it is not an object");
	return value;
}

function toSpearError(failure: StatusFailure, status: number, error: UpstreamError | undefined): SpearError {
	const param = error?.param === undefined ? "" : ` (${error.param})`;
	const detail = error?.message === undefined ? undefined : error.message + param;
	const means = meaningOf({ status, marks: error?.kinds ?? [], message: error?.message });
	if (means === "quota") return quotaError(failure, detail);
	if (means === "region") return elsewhere(failure, detail);
	return statusError(failure, { status: means === undefined ? status : statusFor(means, status), detail });
}

/** Statuses with the same meaning, in place of those that servers send. */
const STATUS_OF: Readonly<Record<Exclude<ErrorMeaning, "quota" | "region">, number>> = {
	request: 400,
	model: 404,
	credentials: 401,
	rate: 429,
};

/** Returns the status for a meaning. A status that has the same meaning already stays, because it says more. */
function statusFor(means: keyof typeof STATUS_OF, status: number): number {
	const isExact = means === "request" && [400, 413, 422].includes(status);
	return isExact ? status : STATUS_OF[means];
}

/** The error for a host whose place the backend does not serve. Another key does not help, but another backend may. */
function elsewhere(failure: StatusFailure, detail: string | undefined): SpearError {
	const suffix = detail === undefined ? "" : `: ${guestText(detail, failure)}`;
	return new SpearError("backend_error", `the backend does not serve the host's region${suffix}`, {
		processed: "no",
		cause: statusCause(failure, 403),
	});
}

/** Returns the HTTP status that fits an error without one. */
function impliedStatus(error: UpstreamError | undefined): number {
	if (error === undefined) return 500;
	if (error.status !== undefined) return error.status;
	const isKind = (pattern: RegExp) => error.kinds.some((kind) => pattern.test(kind));
	if (isKind(/rate_limit|too_many|insufficient_|resource_exhausted/)) return 429;
	if (isKind(/authentication|invalid_api_key/)) return 401;
	if (isKind(/permission/)) return 403;
	if (isKind(/not_found/)) return 404;
	if (isKind(/timeout/)) return 504;
	if (isKind(/invalid_request|bad_request|badrequest|context_length|content_policy|content_filter/)) return 400;
	return 500;
}

function parseBody(body: string): UpstreamError | undefined {
	try {
		const value: unknown = parseJson(body);
		const first: unknown = Array.isArray(value) ? value[0] : value;
		const error = parseError(reportedError(first) ?? first);
		return error && { ...error, message: errorText(value) };
	} catch {
		const message = cutErrorText(body);
		return message === undefined ? undefined : { message, kinds: [], status: undefined, param: undefined };
	}
}

/** Statuses by which servers refuse a request. Their text bodies describe the fault. The bodies of other statuses repeat the status. */
const REFUSALS: ReadonlySet<number> = new Set([400, 404, 405, 413, 415, 422]);

/** Returns the error in a body that is plain text, such as that of a framework that could not read the request. */
function plainError({ status, headers, body }: StatusFailure): UpstreamError | undefined {
	if (!REFUSALS.has(status) || essenceOf(headers["content-type"] ?? "") !== "text/plain") return undefined;
	return { message: errorText(body), kinds: [], status: undefined, param: undefined };
}

function parseError(value: unknown): UpstreamError | undefined {
	if (typeof value === "string") return { message: value, kinds: [], status: undefined, param: undefined };
	if (Array.isArray(value)) {
		const first = parseError(value[0]);
		return first && { ...first, message: errorText(value) };
	}
	if (!isObject(value)) return undefined;
	const { code, status } = value;
	const statuses = [code, status].map((item) => (typeof item === "string" && /^\d{3}$/.test(item) ? Number(item) : item));
	return {
		message: errorText(value),
		kinds: errorMarks(value),
		status: statuses.find((item): item is number => typeof item === "number" && item >= 400 && item <= 599),
		param: textOf(value.param),
	};
}
