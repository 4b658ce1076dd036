import type { BackendTimeouts } from "../../transport/timeouts.ts";
import { BackendConfigError, type InstanceConfig } from "../backend.ts";
import type { OptionReader } from "./option-reader.ts";

/** What an operator says about where an upstream is and how it is reached, whatever it speaks. */
export interface EndpointOptions {
	/** Where the upstream is, without user, query or fragment. */
	readonly baseUrl: URL;
	readonly headers: Readonly<Record<string, string>>;
	/** The header that carries the key: `authorization` with the scheme Bearer (default), or another, e.g. `api-key`, with the bare key. */
	readonly authHeader: string;
	readonly timeouts: BackendTimeouts;
}

/** An hour: longer than any call may take. */
const MAX_TIMEOUT_MS = 3_600_000;

/** Headers that are ours to set. */
const RESERVED =
	/^(authorization|accept|content-type|content-length|content-encoding|transfer-encoding|connection|host|expect|upgrade|keep-alive|te|trailer|sec-websocket-.*)$/;

/**
 * Reads `base_url`, `headers`, and the options `auth_header` and `timeouts`.
 *
 * @throws BackendConfigError naming the member that is missing, wrong or unknown.
 */
export function readEndpoint(config: InstanceConfig, reader: OptionReader, defaults: BackendTimeouts): EndpointOptions {
	const timeouts = reader.table("timeouts");
	const duration = (name: string) => timeouts.integer(name, { min: 1, max: MAX_TIMEOUT_MS });
	const authHeader = (reader.string("auth_header") ?? "authorization").toLowerCase();
	const endpoint: EndpointOptions = {
		baseUrl: baseUrl(config),
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

function baseUrl(config: InstanceConfig): URL {
	const example = 'e.g. "https://api.example.com/v1"';
	if (config.base_url === undefined)
		throw new BackendConfigError(config.name, `base_url is missing; say where the upstream is, ${example}`);
	const url = URL.parse(config.base_url);
	if (url === null || !/^https?:$/.test(url.protocol))
		throw new BackendConfigError(config.name, `base_url must be an http or https URL, ${example}`);
	if (url.username !== "" || url.password !== "")
		throw new BackendConfigError(config.name, "base_url must hold no user and no password; name the key's variable in api_key_env");
	if (url.search !== "" || url.hash !== "") throw new BackendConfigError(config.name, `base_url must end with its path, ${example}`);
	return url;
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
