import type { BackendTimeouts } from "../../transport/timeouts.ts";
import { BackendConfigError, type InstanceConfig } from "../backend.ts";
import { baseUrlFault } from "./base-url.ts";
import type { OptionReader } from "./option-reader.ts";

/** Options for the connection to an upstream, whatever its protocol. */
export interface EndpointOptions {
	/** URL of the upstream, without user, query and fragment. */
	readonly baseUrl: URL;
	readonly headers: Readonly<Record<string, string>>;
	/** Header that carries the key. The default is `authorization`, with the scheme Bearer. Any other carries the bare key. */
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
 *
 * @throws BackendConfigError that names the missing, wrong or unknown member.
 */
export function readEndpoint(
	config: InstanceConfig,
	reader: OptionReader,
	{ defaults, endpoints }: { readonly defaults: BackendTimeouts; readonly endpoints: readonly string[] },
): EndpointOptions {
	const timeouts = reader.table("timeouts");
	const duration = (name: string) => timeouts.integer(name, { min: 1, max: MAX_TIMEOUT_MS });
	const authHeader = (reader.string("auth_header") ?? "authorization").toLowerCase();
	const endpoint: EndpointOptions = {
		baseUrl: baseUrl(config, endpoints),
		headers: headers(config, authHeader),
		authHeader,
		timeouts: {
			connectTimeoutMs: duration("connect_timeout_ms") ?? defaults.connectTimeoutMs,
			firstByteTimeoutMs: duration("first_byte_timeout_ms") ?? defaults.firstByteTimeoutMs,
			idleTimeoutMs: duration("idle_timeout_ms") ?? defaults.idleTimeoutMs,
		},
	};
	if (!isHeaderName(authHeader)) throw reader.error("auth_header", "must be the name of a header");
	timeouts.finish();
	return endpoint;
}

function baseUrl(config: InstanceConfig, endpoints: readonly string[]): URL {
	const { base_url } = config;
	const fault = baseUrlFault(base_url, endpoints);
	if (base_url === undefined || fault !== undefined) throw new BackendConfigError(config.name, `base_url ${fault}`);
	return new URL(base_url);
}

function headers(config: InstanceConfig, authHeader: string): Record<string, string> {
	const lower: Record<string, string> = {};
	for (const [written, value] of Object.entries(config.headers ?? {})) {
		const name = written.toLowerCase();
		if (!isHeaderName(name)) throw new BackendConfigError(config.name, `headers: "${written}" is not the name of a header`);
		if (RESERVED.test(name) || name === authHeader)
			throw new BackendConfigError(config.name, `headers.${written} is set by the host; leave it out`);
		if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
			throw new BackendConfigError(config.name, `headers.${written} holds characters that no header can carry`);
		lower[name] = value;
	}
	return lower;
}

function isHeaderName(name: string): boolean {
	return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
}
