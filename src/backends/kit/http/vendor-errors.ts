import { SpearError } from "../../../errors/spear-error.ts";
import { parseJson } from "../../../formats/json.ts";
import { essenceOf } from "../../../formats/media-type.ts";
import { guestText } from "../../../redaction/guest-text.ts";
import { redactBeginning } from "../../../redaction/redact-beginning.ts";
import type { JsonAnswer } from "../../../transport/http/answer.ts";
import type { Exchange } from "../../../transport/http/exchange.ts";
import type { Headers } from "../../../transport/http/headers.ts";
import { quotaError, type StatusFailure, statusCause, statusError } from "../../../transport/http/status-error.ts";
import { cutErrorText, errorText } from "../error-text.ts";
import { isObject, type JsonObject } from "../json/guards.ts";
import { type ErrorRow, meaningOf, statusFor } from "./error-table.ts";

/** An error as a vendor describes it. */
export interface VendorError {
	/** Words for programs, such as `type` and `code`. Compared with {@link ErrorRow.mark}. */
	readonly marks: readonly string[];
	/** HTTP status that the body names. Used for an error within a successful answer. The default is 500. */
	readonly status?: number | undefined;
	/** Pause that the body asks for, in milliseconds. A header takes precedence. */
	readonly retryAfterMs?: number | undefined;
	/** Appended to the description in parentheses, such as the name of the member of the request at fault. */
	readonly place?: string | undefined;
}

/** A vendor's way to report errors. */
export interface ErrorDialect {
	/** The rows in order. The first that applies counts. Without one, the HTTP status decides. */
	readonly rows: readonly ErrorRow[];
	/** Returns the part of an answer or an event that reports an error; `undefined` if it reports none. */
	readonly reported: (value: unknown) => unknown;
	/** Reads what `reported` returns, or a whole body with the status of a failure. Returns `undefined` for a value that is no error. */
	readonly read: (value: unknown) => VendorError | undefined;
	/** Returns words for programs in the headers of a failure, which precede those of the body. The default is none. */
	readonly headerMarks?: (headers: Headers) => readonly string[];
}

/** Statuses by which servers refuse a request. Their text bodies describe the fault. The bodies of other statuses repeat the status. */
const REFUSALS: ReadonlySet<number> = new Set([400, 404, 405, 413, 415, 422]);

/** Turns the errors of one vendor into errors of the host: closed codes with `retryable`, the pause, and the attribution. */
export class VendorErrors {
	readonly #dialect: ErrorDialect;

	constructor(dialect: ErrorDialect) {
		this.#dialect = dialect;
	}

	/** Returns the error for a status that is not a success. For `HttpOptions.onStatus`. */
	readonly onStatus = (failure: StatusFailure): SpearError => {
		const { message, error } = this.#readBody(failure.body);
		if (failure.status === 403 && isPage(failure)) return filteredError(failure);
		const marks = [...(this.#dialect.headerMarks?.(failure.headers) ?? []), ...(error?.marks ?? [])];
		return this.#toSpearError(failure, failure.status, { ...error, marks }, message ?? plainText(failure));
	};

	/** Returns the part of a successful answer or an event that reports an error; `undefined` if it reports none. */
	reported(value: unknown): unknown {
		return this.#dialect.reported(value);
	}

	/** Returns the error that an upstream reports within a successful answer: in an event of a stream, or in place of a result. */
	reportedError(exchange: Exchange, value: unknown): SpearError {
		const body = redactBeginning(JSON.stringify(value), exchange.redact);
		const error = this.#dialect.read(value);
		// Descriptions are cut, so they come from redacted text. Otherwise a cut through a key would leave a part that no redactor finds.
		const { message } = this.#readBody(body);
		const failure = { ...exchange, status: 200, headers: {}, body, retryAfterMs: undefined };
		return this.#toSpearError(failure, error?.status ?? 500, error, message);
	}

	/**
	 * Returns a successful answer as an object.
	 *
	 * @param wrong Makes the error for an answer that is not an object.
	 * @throws SpearError the error that the upstream reports in place of a result.
	 */
	resultObject({ value, exchange }: JsonAnswer, wrong: (what: string) => Error): JsonObject {
		const reported = this.#dialect.reported(value);
		if (reported !== undefined) throw this.reportedError(exchange, reported);
		if (!isObject(value)) throw wrong("it is not an object");
		return value;
	}

	#readBody(body: string): { readonly message: string | undefined; readonly error?: VendorError | undefined } {
		try {
			const value: unknown = parseJson(body);
			const first: unknown = Array.isArray(value) ? value[0] : value;
			return { message: errorText(value), error: this.#dialect.read(this.#dialect.reported(first) ?? first) };
		} catch {
			return { message: cutErrorText(body) };
		}
	}

	#toSpearError(asked: StatusFailure, status: number, error: VendorError | undefined, message: string | undefined): SpearError {
		const failure = { ...asked, retryAfterMs: asked.retryAfterMs ?? error?.retryAfterMs };
		const means = meaningOf(this.#dialect.rows, { status, marks: error?.marks ?? [], message });
		const detail = message === undefined || error?.place === undefined ? message : `${message} (${error.place})`;
		if (means === "quota") return quotaError(failure, detail);
		if (means === "overloaded") return overloadedError(failure, detail);
		if (means === "region") return regionError(failure, detail);
		return statusError(failure, { status: means === undefined ? status : statusFor(means, status), detail });
	}
}

/** Returns the description in a body that is plain text, such as that of a framework that could not read the request. */
function plainText({ status, headers, body }: StatusFailure): string | undefined {
	return REFUSALS.has(status) && essenceOf(headers["content-type"] ?? "") === "text/plain" ? errorText(body) : undefined;
}

/** Returns true for a page in place of the answer of an API. No API refuses a key so. */
function isPage({ headers }: StatusFailure): boolean {
	return essenceOf(headers["content-type"] ?? "") === "text/html";
}

/**
 * Returns the error for a request that a filter before the backend refuses: a proxy, or a firewall that reads the content. A guest's text can
 * cause it, so the key is not at fault.
 */
function filteredError(failure: StatusFailure): SpearError {
	const message = `a proxy or firewall before the backend refuses the request with a page (status ${failure.status}); its operator must check base_url and [host] proxy`;
	return new SpearError("backend_error", message, { processed: "no", cause: statusCause(failure, failure.status) });
}

/** Returns the error for an upstream without capacity. The same request may succeed later, and other backends are not affected. */
function overloadedError(failure: StatusFailure, detail: string | undefined): SpearError {
	return new SpearError("backend_error", `the backend is overloaded${suffix(failure, detail)}`, {
		retryable: true,
		attribution: "capacity",
		processed: "no",
		...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
		cause: statusCause(failure, 529),
	});
}

/** Returns the error for a host whose place the backend does not serve. Another key does not help, but another backend may. */
function regionError(failure: StatusFailure, detail: string | undefined): SpearError {
	return new SpearError("backend_error", `the backend does not serve the host's region${suffix(failure, detail)}`, {
		processed: "no",
		cause: statusCause(failure, 403),
	});
}

function suffix(failure: StatusFailure, detail: string | undefined): string {
	return detail === undefined ? "" : `: ${guestText(detail, failure)}`;
}
