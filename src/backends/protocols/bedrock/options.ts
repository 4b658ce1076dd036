import type { EndpointOptions } from "../../kit/endpoint-options.ts";
import type { ChatOptions } from "./cchat/options.ts";
import type { SigV4Credentials } from "./sigv4.ts";

/** Options of Amazon Bedrock. */
export interface BedrockOptions extends EndpointOptions {
	/** Members that a request's `provider_options` may add to the upstream request. `true` allows all. The default is none. */
	readonly allowProviderOptions: readonly string[] | true;
	/** Credentials of signed requests. Absent: requests carry the key. */
	readonly sigV4: SigV4Credentials | undefined;
	readonly chat: ChatOptions;
}
