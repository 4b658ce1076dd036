import { DEFAULT_SOCKET_TIMEOUTS } from "../../../../transport/websocket/client.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { type EndpointOptions, readEndpoint } from "../../../kit/endpoint-options.ts";
import { OptionReader } from "../../../kit/option-reader.ts";
import { ENDPOINTS } from "../endpoints.ts";

/** Options of an upstream with OpenAI's Realtime API. */
export interface RealtimeOptions extends EndpointOptions {
	/** Members that a request's `provider_options` may add to the session's configuration. `true` allows all. The default is none. */
	readonly allowProviderOptions: readonly string[] | true;
}

/** @throws BackendConfigError that names the missing, wrong or unknown member. */
export function readOptions(config: InstanceConfig): RealtimeOptions {
	const reader = new OptionReader(config.name, config.options);
	const options: RealtimeOptions = {
		...readEndpoint(config, reader, { defaults: DEFAULT_SOCKET_TIMEOUTS, endpoints: ENDPOINTS }),
		allowProviderOptions: reader.namesOrAll("allow_provider_options") ?? [],
	};
	reader.finish();
	return options;
}
