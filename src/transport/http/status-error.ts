import type { Attribution, Processed } from "../../errors/code-defaults.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { shorten } from "../../formats/shorten.ts";
import { guestText } from "../../redaction/guest-text.ts";
import type { Exchange } from "./exchange.ts";
import { MAX_LOGGED_TEXT, UpstreamFailure } from "./failure.ts";
import type { Headers } from "./headers.ts";

/** An answer whose status is not a success. */
export interface StatusFailure extends Exchange {
	readonly status: number;
	readonly headers: Headers;
	/** The beginning of the body, redacted. */
	readonly body: string;
	/** The delay that the upstream asks for, in milliseconds. */
	readonly retryAfterMs: number | undefined;
}

/** An adapter's reading of the body of a {@link StatusFailure}. */
export interface StatusMeaning {
	/** The status that fits the upstream's text better than the status of the answer. The default is the status of the answer. */
	readonly status?: number;
	/** The upstream's own description. */
	readonly detail?: string | undefined;
}

/** Returns the error for a status that is not a success, as HTTP defines the status. */
export function statusError(failure: StatusFailure, meaning: StatusMeaning = {}): SpearError {
	const { retryAfterMs } = failure;
	const status = meaning.status ?? failure.status;
	const suffix = failure.status >= 300 ? ` (status ${failure.status})` : "";
	const detail = meaning.detail === undefined ? "" : `: ${guestText(meaning.detail, failure)}`;
	const options = { cause: statusCause(failure, status), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
	switch (status) {
		case 400:
		case 422:
			return new SpearError("invalid_request", `the backend finds the request invalid${suffix}${detail}`, options);
		case 401:
		case 403:
			return new SpearError("backend_error", `the backend refuses the host's credentials${suffix}; its operator must check the API key`, {
				...options,
				attribution: "credentials",
				processed: "no",
			});
		case 404:
			return new SpearError("backend_error", `the backend does not know the model or the operation${suffix}${detail}`, {
				...options,
				attribution: "request",
			});
		case 408:
		case 504:
		case 524:
			return new SpearError("timeout", `the backend ran out of time${suffix}${detail}`, options);
		case 413:
			return new SpearError("invalid_request", `the request is too large for the backend${suffix}${detail}`, options);
		case 429:
			return new SpearError("rate_limited", `the backend asks to slow down${suffix}${detail}`, options);
		default:
			return otherStatus(status, suffix, detail, options);
	}
}

function otherStatus(status: number, suffix: string, detail: string, options: { readonly cause: unknown }): SpearError {
	if (status >= 300 && status < 400) {
		return new SpearError(
			"backend_error",
			`the backend answers with a redirect${suffix}, which is not followed; its operator must check base_url`,
			options,
		);
	}
	if (status >= 500) {
		return new SpearError("backend_error", `the backend failed${suffix}${detail}`, {
			...options,
			retryable: status !== 501 && status !== 505,
			processed: PROCESSED_BY_STATUS[status] ?? "yes",
		});
	}
	return new SpearError("backend_error", `the backend refuses the request${suffix}${detail}`, {
		...options,
		retryable: status === 409 || status === 425,
		attribution: ATTRIBUTION_OF_STATUS[status] ?? (status < 400 ? "backend" : "request"),
	});
}

/** Refusals below 500 that are not attributed to the request. */
const ATTRIBUTION_OF_STATUS: Readonly<Record<number, Attribution>> = { 402: "capacity", 409: "backend", 425: "backend" };

/** Failures that do not say that the upstream has finished: 502 comes from a gateway that lost the answer, 503 from before the work. */
const PROCESSED_BY_STATUS: Readonly<Record<number, Processed>> = { 502: "unknown", 503: "no" };

/** Returns the error for a host without quota. A retry does not help, but other backends may have quota. */
export function quotaError(failure: StatusFailure, detail: string | undefined): SpearError {
	const suffix = detail === undefined ? "" : `: ${guestText(detail, failure)}`;
	return new SpearError("rate_limited", `the backend has no quota left for this host${suffix}`, {
		retryable: false,
		cause: statusCause(failure, 429),
	});
}

/** Returns the log's side of a status. `status` is the status that the failure stands for. */
export function statusCause(failure: StatusFailure, status: number): UpstreamFailure {
	const id = failure.headers["x-request-id"] ?? failure.headers["request-id"] ?? failure.headers["x-amzn-requestid"];
	const named = id === undefined ? "" : `, request ${shorten(failure.redact(id), 100)}`;
	return new UpstreamFailure(`${failure.target}: status ${failure.status}${named}: ${shorten(failure.body, MAX_LOGGED_TEXT)}`, {
		status,
		body: failure.body,
	});
}
