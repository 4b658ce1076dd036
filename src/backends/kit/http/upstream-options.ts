import { DEFAULT_TIMEOUTS } from "../../../transport/http/options.ts";
import type { InstanceConfig } from "../../backend.ts";
import { type EndpointOptions, readEndpoint } from "../endpoint-options.ts";
import type { OptionReader } from "../option-reader.ts";

/** Options that every upstream over HTTP has. */
export interface UpstreamOptions extends EndpointOptions {
	/** Members that a request's `provider_options` may add to the upstream request. `true` allows all. The default is none. */
	readonly allowProviderOptions: readonly string[] | true;
}

/** Properties of a protocol that the options of its upstreams follow from. */
export interface UpstreamDefaults {
	/** URL of an instance whose configuration has none. Absent: the configuration must have one. */
	readonly baseUrl?: string | undefined;
	/** Paths that the protocol appends to the URL. */
	readonly endpoints: readonly string[];
	/** Header that carries the key unless the option `auth_header` names another. The default is `authorization`. */
	readonly authHeader?: string;
	/** Fault of an absent `base_url`, in place of the general one. */
	readonly missingUrl?: string | undefined;
}

/** Reads `base_url`, `headers`, and the options `auth_header`, `timeouts` and `allow_provider_options`. */
export function readUpstream(
	config: InstanceConfig,
	reader: OptionReader,
	{ baseUrl, endpoints, authHeader = "authorization", missingUrl }: UpstreamDefaults,
): UpstreamOptions {
	const base_url = config.base_url ?? baseUrl;
	return {
		...readEndpoint(base_url === undefined ? config : { ...config, base_url }, reader, {
			defaults: DEFAULT_TIMEOUTS,
			endpoints,
			defaultAuthHeader: authHeader,
			missingUrl,
		}),
		allowProviderOptions: reader.namesOrAll("allow_provider_options") ?? [],
	};
}
