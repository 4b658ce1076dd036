import { BackendConfigError, type InstanceConfig } from "../backend.ts";
import { DEFAULT_TIMEOUTS, type HttpTimeouts } from "../http-options.ts";
import { OptionReader } from "../option-reader.ts";

/** What an operator may say about an OpenAI-compatible upstream, under `options`. */
export interface OpenAiOptions {
	/** Where the upstream is, without user, query or fragment. */
	readonly baseUrl: URL;
	readonly headers: Readonly<Record<string, string>>;
	/** The member that bounds an answer's length: `max_completion_tokens` (default), or `max_tokens` for older servers. */
	readonly maxTokensField: "max_completion_tokens" | "max_tokens";
	/** Send instructions with the role `developer`, as OpenAI's reasoning models want it, instead of `system`. */
	readonly developerRole: boolean;
	/** Hand the model's visible reasoning back on the next turn, as `reasoning_content`. Off by default: most upstreams refuse it. */
	readonly sendReasoning: boolean;
	/** Members a request's `extra` may add to the upstream request: these, all, or none (default). */
	readonly allowExtra: readonly string[] | true;
	/** The header that carries the key: `authorization` with the scheme Bearer (default), or another, e.g. `api-key`, with the bare key. */
	readonly authHeader: string;
	readonly timeouts: HttpTimeouts;
}

/** An hour: longer than any call may take. */
const MAX_TIMEOUT_MS = 3_600_000;

/** Headers that are ours to set. */
const RESERVED =
	/^(authorization|accept|content-type|content-length|content-encoding|transfer-encoding|connection|host|expect|upgrade|keep-alive|te|trailer)$/;

/** @throws BackendConfigError naming the member that is missing, wrong or unknown. */
export function readOptions(config: InstanceConfig): OpenAiOptions {
	const reader = new OptionReader(config.name, config.options);
	const timeouts = reader.table("timeouts");
	const duration = (name: string) => timeouts.integer(name, { min: 1, max: MAX_TIMEOUT_MS });
	const authHeader = (reader.string("auth_header") ?? "authorization").toLowerCase();
	const options: OpenAiOptions = {
		baseUrl: baseUrl(config),
		headers: headers(config, authHeader),
		maxTokensField: reader.string("max_tokens_field", ["max_completion_tokens", "max_tokens"]) ?? "max_completion_tokens",
		developerRole: reader.boolean("developer_role") ?? false,
		sendReasoning: reader.boolean("send_reasoning") ?? false,
		allowExtra: reader.namesOrAll("allow_extra") ?? [],
		authHeader,
		timeouts: {
			connectMs: duration("connect_ms") ?? DEFAULT_TIMEOUTS.connectMs,
			firstByteMs: duration("first_byte_ms") ?? DEFAULT_TIMEOUTS.firstByteMs,
			idleMs: duration("idle_ms") ?? DEFAULT_TIMEOUTS.idleMs,
		},
	};
	if (!isHeaderName(authHeader)) throw reader.error("auth_header", "must be the name of a header");
	timeouts.finish();
	reader.finish();
	return options;
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
