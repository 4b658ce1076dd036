import { causeChain } from "../../errors/cause-chain.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { UpstreamFailure } from "../../transport/http/failure.ts";
import type { CheckFault } from "./backend-check.ts";

/** A fault with the line that describes it. */
export interface Diagnosis {
	readonly fault: CheckFault;
	readonly message: string;
}

/** Parts of a failure that its diagnosis follows from. */
interface Failure {
	readonly error: SpearError;
	/** Code of the system or the HTTP client. Absent if an answer arrived. */
	readonly code: string | undefined;
	/** HTTP status. Absent without an answer. */
	readonly status: number | undefined;
	/** Method and URL of the request, without its query. Absent if unknown. */
	readonly target: string | undefined;
	/** Name of the variable of the key. Absent if the request had none. */
	readonly keyName: string | undefined;
	readonly timeoutMs: number;
}

interface Row {
	readonly fault: CheckFault;
	readonly applies: (failure: Failure) => boolean;
	readonly message: (failure: Failure) => string;
}

const asked = ({ target }: Failure): string => target ?? "the upstream";
/** URL without the method. */
const urlOf = (failure: Failure): string => asked(failure).replace(/^[A-Z]+ /, "");
const hasCode =
	(codes: RegExp) =>
	({ code }: Failure): boolean =>
		code !== undefined && codes.test(code);

/** The rows in order; the first that applies counts. */
const ROWS: readonly Row[] = [
	{
		fault: "proxy",
		applies: hasCode(/^ERR_PROXY_/),
		message: ({ error }) => error.message,
	},
	{
		fault: "unreachable",
		applies: hasCode(/^ECONNREFUSED$/),
		message: (failure) => `${urlOf(failure)} refuses connections; start the server, or check host and port of base_url`,
	},
	{
		fault: "dns",
		applies: hasCode(/^(?:ENOTFOUND|EAI_.*)$/),
		message: (failure) => `the host of ${urlOf(failure)} is unknown; check base_url and DNS`,
	},
	{
		fault: "unreachable",
		applies: hasCode(/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/),
		message: (failure) => `the network does not reach ${urlOf(failure)}; check base_url, routes and proxy`,
	},
	{
		fault: "timeout",
		applies: ({ error, status }) => error.code === "timeout" && status === undefined,
		message: (failure) => `no answer from ${urlOf(failure)} within ${failure.timeoutMs} ms; check base_url, or allow more time`,
	},
	{
		fault: "tls",
		applies: ({ error }) => /^no secure connection/.test(error.message),
		message: (failure) =>
			`no secure connection to ${urlOf(failure)} (${failure.code}); check its certificate, http or https in base_url, and [host] ca_file`,
	},
	{
		// The host itself could not use the key, the token file or the signature. The upstream received nothing.
		fault: "no_key",
		applies: ({ error, target }) => error.attribution === "credentials" && error.processed === "no" && target === undefined,
		message: ({ error, keyName }) => `${causeChain(error)}${keyName === undefined ? "" : ` (key in ${keyName})`}`,
	},
	{
		fault: "key_refused",
		applies: ({ error }) => error.attribution === "credentials",
		message: (failure) =>
			failure.keyName === undefined
				? `${asked(failure)} demands a key${statusOf(failure)}; name its variable in api_key_env`
				: `${asked(failure)} refuses the key in ${failure.keyName}${statusOf(failure)}; check its value`,
	},
	{
		fault: "quota",
		applies: ({ error }) => error.code === "rate_limited" && !error.retryable,
		message: ({ error }) => `the key works, but ${error.message}; check plan and billing`,
	},
	{
		fault: "rate_limited",
		applies: ({ error }) => error.code === "rate_limited",
		message: ({ error }) => `the key works, but ${error.message}; try again later`,
	},
	{
		fault: "wrong_url",
		applies: ({ status = 0 }) => status === 404 || status === 405 || (status >= 300 && status < 400),
		message: (failure) =>
			`${asked(failure)} answers ${failure.status}; check the path of base_url, such as a missing or surplus /v1 (a server without a list of models answers so too)`,
	},
	{
		// An upgrade to a WebSocket that is answered like any other request: the server has no such path.
		fault: "wrong_url",
		applies: ({ error, status = 0 }) => /refuses the request/.test(error.message) && status >= 200 && status < 300,
		message: (failure) => `${asked(failure)} answers ${failure.status} and opens no WebSocket; check base_url and kind`,
	},
	{
		fault: "wrong_url",
		applies: ({ error }) => /answer is malformed/.test(error.message),
		message: (failure) => `${asked(failure)} answers, but not as this API does: ${failure.error.message}; check base_url and kind`,
	},
];

/**
 * Returns the diagnosis of a failed request.
 *
 * @param keyName Name of the variable of the key. Absent if the request had none.
 */
export function diagnose(thrown: unknown, { keyName, timeoutMs }: Pick<Failure, "keyName" | "timeoutMs">): Diagnosis {
	const error = SpearError.from(thrown);
	const { cause } = error;
	const upstream = cause instanceof UpstreamFailure ? cause : undefined;
	const [target] = /^[A-Z]+ \S+(?=: )/.exec(upstream?.message ?? "") ?? [];
	const failure = { error, code: upstream?.code, status: upstream?.status, target, keyName, timeoutMs };
	const row = ROWS.find(({ applies }) => applies(failure));
	if (row !== undefined) return { fault: row.fault, message: row.message(failure) };
	// A kind without an upstream names the cause, such as a file. An unexpected error may hold anything.
	const isExplained = upstream === undefined && error.code !== "internal";
	const message = isExplained ? causeChain(error) : error.message;
	return { fault: "failed", message: target === undefined ? message : `${target}: ${message}` };
}

function statusOf({ status }: Failure): string {
	return status === undefined ? "" : ` (status ${status})`;
}
