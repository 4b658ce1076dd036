import { DEFAULT_SOCKET_TIMEOUTS } from "../../../../transport/websocket/client.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { type EndpointOptions, readEndpoint } from "../../../kit/endpoint-options.ts";
import { OptionReader } from "../../../kit/option-reader.ts";
import { ENDPOINTS } from "../endpoints.ts";

/** Longest timeout, in milliseconds: one hour. */
const MAX_TIMEOUT_MS = 3_600_000;

/** Options of an upstream with OpenAI's Realtime API. */
export interface RealtimeOptions extends EndpointOptions {
	/** Members that a request's `provider_options` may add to the session's configuration. `true` allows all. The default is none. */
	readonly allowProviderOptions: readonly string[] | true;
	/** Longest wait for each of `session.created` and `session.updated`, in milliseconds. The default is 5,000. */
	readonly startTimeoutMs: number;
	/**
	 * Silence of the server after which the events that it owes are no longer expected, in milliseconds. The default is 60,000: models that
	 * reason are silent before they answer.
	 */
	readonly silenceTimeoutMs: number;
}

/** @throws BackendConfigError that names the missing, wrong or unknown member. */
export function readOptions(config: InstanceConfig): RealtimeOptions {
	const reader = new OptionReader(config.name, config.options);
	const options: RealtimeOptions = {
		...readEndpoint(config, reader, { defaults: DEFAULT_SOCKET_TIMEOUTS, endpoints: ENDPOINTS }),
		allowProviderOptions: reader.namesOrAll("allow_provider_options") ?? [],
		startTimeoutMs: reader.integer("start_timeout_ms", { min: 1, max: MAX_TIMEOUT_MS }) ?? 5_000,
		silenceTimeoutMs: reader.integer("silence_timeout_ms", { min: 1, max: MAX_TIMEOUT_MS }) ?? 60_000,
	};
	reader.finish();
	return options;
}
