import type { EndpointOptions } from "../../kit/endpoint-options.ts";
import type { ChatOptions } from "./cchat/options.ts";

/** Options of an upstream that speaks OpenAI's Responses API. */
export interface ResponsesOptions extends EndpointOptions {
	/** Members that a request's `provider_options` may add to the upstream request. `true` allows all. The default is none. */
	readonly allowProviderOptions: readonly string[] | true;
	readonly chat: ChatOptions;
}
