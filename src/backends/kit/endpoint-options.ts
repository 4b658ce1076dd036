import type { BackendTimeouts } from "../../transport/timeouts.ts";
import type { InstanceConfig } from "../backend.ts";
import { baseUrlFault } from "./base-url.ts";
import type { OptionReader } from "./option-reader.ts";

/** Options for the connection to an upstream, whatever its protocol. */
export interface EndpointOptions {
	/** URL of the upstream, without user, query and fragment. */
	readonly baseUrl: URL;
	readonly headers: Readonly<Record<string, string>>;
	/** Header that carries the key. The usual default is `authorization`, with the scheme Bearer. Any other carries the bare key. */
	readonly authHeader: string;
	readonly timeouts: BackendTimeouts;
}

/** Longest timeout, in milliseconds: one hour. No call may take longer. */
const MAX_TIMEOUT_MS = 3_600_000;

/** Headers that the host sets itself. */
const RESERVED =
	/^(authorization|accept|content-type|content-length|content-encoding|transfer-encoding|connection|host|expect|upgrade|keep-alive|te|trailer|sec-websocket-.*)$/;

/**
 * Reads `base_url`, `headers`, and the options `auth_header` and `timeouts`. `endpoints` are the paths that the protocol appends to the URL.
 * Adds the faults to those of the reader; the options are of no use then.
 * `defaultAuthHeader` carries the key unless the option names another header. `missingUrl` is the fault of an absent `base_url`.
 */
export function readEndpoint(
	config: InstanceConfig,
	reader: OptionReader,
	{
		defaults,
		endpoints,
		defaultAuthHeader = "authorization",
		missingUrl,
	}: {
		readonly defaults: BackendTimeouts;
		readonly endpoints: readonly string[];
		readonly defaultAuthHeader?: string;
		readonly missingUrl?: string | undefined;
	},
): EndpointOptions {
	const timeouts = reader.table("timeouts");
	const duration = (name: string) => timeouts.integer(name, { min: 1, max: MAX_TIMEOUT_MS });
	const authHeader = (reader.string("auth_header") ?? defaultAuthHeader).toLowerCase();
	const endpoint: EndpointOptions = {
		baseUrl: baseUrl(config, endpoints, reader, missingUrl),
		headers: headers(config, authHeader, reader),
		authHeader,
		timeouts: {
			connectTimeoutMs: duration("connect_timeout_ms") ?? defaults.connectTimeoutMs,
			firstByteTimeoutMs: duration("first_byte_timeout_ms") ?? defaults.firstByteTimeoutMs,
			idleTimeoutMs: duration("idle_timeout_ms") ?? defaults.idleTimeoutMs,
		},
	};
	if (!isHeaderName(authHeader)) reader.fault("auth_header", "must be the name of a header");
	timeouts.finish();
	return endpoint;
}

/** URL in place of one that cannot be used. No request is sent to it, because a configuration with faults creates no backend. */
const NO_URL = new URL("http://base-url.invalid");

function baseUrl(config: InstanceConfig, endpoints: readonly string[], reader: OptionReader, missing?: string): URL {
	const fault = baseUrlFault(config.base_url, endpoints, missing);
	if (fault !== undefined) reader.memberFault(["base_url"], fault);
	return URL.parse(config.base_url ?? "") ?? NO_URL;
}

function headers(config: InstanceConfig, authHeader: string, reader: OptionReader): Record<string, string> {
	const lower = new Map<string, string>();
	for (const [written, value] of Object.entries(config.headers ?? {})) {
		const name = written.toLowerCase();
		const fault = headerFault(name, value, authHeader);
		if (fault !== undefined) reader.memberFault(["headers", written], fault);
		lower.set(name, value);
	}
	return Object.fromEntries(lower);
}

function headerFault(name: string, value: string, authHeader: string): string | undefined {
	if (!isHeaderName(name)) return "is not the name of a header";
	if (RESERVED.test(name) || name === authHeader) return "is set by the host; leave it out";
	return /^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? undefined : "holds characters that no header can carry";
}

function isHeaderName(name: string): boolean {
	return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
}
