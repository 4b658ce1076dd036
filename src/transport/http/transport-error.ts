import type { Attribution, Processed } from "../../errors/code-defaults.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { Exchange } from "./exchange.ts";
import { UpstreamFailure } from "./failure.ts";

/** State of an exchange when it failed: before or after the answer's headers. */
export type Phase = "waiting" | "answering";

/** Returns the error for a connection that could not be established or that broke. */
export function transportError(exchange: Exchange, phase: Phase, thrown: unknown): SpearError {
	const { code, message, established } = describe(thrown);
	const cause = new UpstreamFailure(`${exchange.target}: ${exchange.redact(message)}`, code === undefined ? {} : { code });
	const sent = phase === "answering" || established;
	const known = KNOWN.find(({ codes, processed }) => code !== undefined && codes.test(code) && !(sent && processed === "no"));
	if (known !== undefined) {
		return new SpearError(known.code, known.message, {
			retryable: known.retryable,
			attribution: known.attribution ?? "backend",
			processed: known.processed,
			cause,
		});
	}
	const broke =
		phase === "answering" ? "the backend's answer ended before it was complete" : "the connection to the backend broke before its answer";
	return new SpearError("backend_error", broke, { retryable: true, processed: "unknown", cause });
}

interface KnownFailure {
	/** Matches the codes of the system, of Node and of undici. */
	readonly codes: RegExp;
	readonly code: "backend_error" | "timeout";
	readonly message: string;
	readonly retryable: boolean;
	/** `no` if the request cannot have left the host. Such a row does not apply to an exchange that was already established. */
	readonly processed: Processed;
	/** The default is `backend`. */
	readonly attribution?: Attribution;
}

const KNOWN: readonly KnownFailure[] = [
	{
		codes: /^ERR_PROXY_UNREACHABLE$/,
		code: "backend_error",
		message: "the proxy before the backend cannot be reached; its operator must check [host] proxy or HTTPS_PROXY",
		retryable: true,
		processed: "no",
	},
	{
		codes: /^ERR_PROXY_AUTHENTICATION$/,
		code: "backend_error",
		message: "the proxy before the backend refuses the host's credentials; its operator must check HTTPS_PROXY",
		retryable: false,
		processed: "no",
	},
	{
		codes: /^ERR_PROXY_REFUSED$/,
		code: "backend_error",
		message: "the proxy before the backend refuses the connection; its operator must check the proxy's rules and NO_PROXY",
		retryable: false,
		processed: "no",
	},
	{
		codes: /^ERR_PROXY_FAILED$/,
		code: "backend_error",
		message: "the proxy does not reach the backend; it may be down",
		retryable: true,
		processed: "no",
	},
	{
		codes: /^ECONNREFUSED$/,
		code: "backend_error",
		message: "the backend refuses connections; it may be down",
		retryable: true,
		attribution: "connection",
		processed: "no",
	},
	{
		codes: /^(ENOTFOUND|EAI_.*)$/,
		code: "backend_error",
		message: "the backend's name cannot be resolved; its operator must check base_url and DNS",
		retryable: true,
		attribution: "connection",
		processed: "no",
	},
	{
		codes: /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/,
		code: "backend_error",
		message: "the network does not reach the backend",
		retryable: true,
		attribution: "connection",
		processed: "no",
	},
	{
		codes: /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
		code: "timeout",
		message: "the system's time limit for a connection to the backend has passed",
		retryable: true,
		processed: "no",
	},
	{
		codes:
			/^(EPROTO|ERR_TLS_.*|ERR_SSL_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH)$/,
		code: "backend_error",
		message: "no secure connection to the backend is possible; its operator must check its certificate, base_url and [host] ca_file",
		retryable: false,
		attribution: "connection",
		processed: "no",
	},
	{
		codes: /^(HPE.*|UND_ERR_HEADERS_OVERFLOW)$/,
		code: "backend_error",
		message: "the backend's answer is malformed: it breaks the HTTP protocol",
		retryable: false,
		processed: "yes",
	},
	{
		codes: /^(UND_ERR_(INVALID_ARG|NOT_SUPPORTED)|ERR_INVALID_(CHAR|HTTP_TOKEN|ARG_TYPE)|ERR_HTTP_INVALID_HEADER_VALUE)$/,
		code: "backend_error",
		message: "the request cannot be sent; its operator must check headers and base_url",
		retryable: false,
		processed: "no",
	},
];

interface Description {
	readonly code: string | undefined;
	readonly message: string;
	/** True if the connection was established when it failed. */
	readonly established: boolean;
}

/** Returns the code and the message of a thrown value. An error for several connection attempts has the messages of all. */
function describe(thrown: unknown): Description {
	if (!(thrown instanceof Error)) return { code: undefined, message: String(thrown), established: false };
	const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : parserCode(thrown);
	const parts = thrown instanceof AggregateError ? thrown.errors.map((part) => describe(part).message).join("; ") : "";
	// Exception: a failed TLS handshake fails in a write.
	const established = "syscall" in thrown && /^(read|write)$/.test(String(thrown.syscall)) && code !== "EPROTO";
	return { code, message: [thrown.message, parts].filter((text) => text !== "").join(": ") || (code ?? thrown.name), established };
}

/** Returns a code for an error of undici's parser, which has none. An answer that ends early breaks no protocol, and has no code either. */
function parserCode({ name, message }: Error): string | undefined {
	return name === "HTTPParserError" && !/\bEOF\b/.test(message) ? "HPE" : undefined;
}
