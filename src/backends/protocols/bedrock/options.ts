import type { UpstreamOptions } from "../../kit/http/upstream-options.ts";
import type { ChatOptions } from "./cchat/options.ts";
import type { SigV4Credentials } from "./sigv4.ts";

/** Options of Amazon Bedrock. */
export interface BedrockOptions extends UpstreamOptions {
	/** Credentials of signed requests. Absent: requests carry the key. */
	readonly sigV4: SigV4Credentials | undefined;
	readonly chat: ChatOptions;
}
