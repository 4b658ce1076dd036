import type { UpstreamOptions } from "../../kit/http/upstream-options.ts";
import type { ChatOptions } from "./cchat/options.ts";

/** Options of an upstream that speaks OpenAI's Responses API. */
export interface ResponsesOptions extends UpstreamOptions {
	readonly chat: ChatOptions;
}
