import { DEFAULT_SOCKET_TIMEOUTS } from "../../../../transport/websocket/client.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { type EndpointOptions, readEndpoint } from "../../../kit/endpoint-options.ts";
import { OptionReader } from "../../../kit/option-reader.ts";

/** What an operator may say about an upstream that speaks OpenAI's Realtime API, under `options`. */
export interface RealtimeOptions extends EndpointOptions {
	/** Members a request's `provider_options` may add to the session's configuration: these, all, or none (default). */
	readonly allowProviderOptions: readonly string[] | true;
}

/** @throws BackendConfigError naming the member that is missing, wrong or unknown. */
export function readOptions(config: InstanceConfig): RealtimeOptions {
	const reader = new OptionReader(config.name, config.options);
	const options: RealtimeOptions = {
		...readEndpoint(config, reader, DEFAULT_SOCKET_TIMEOUTS),
		allowProviderOptions: reader.namesOrAll("allow_provider_options") ?? [],
	};
	reader.finish();
	return options;
}
