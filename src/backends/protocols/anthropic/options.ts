import type { EndpointOptions } from "../../kit/endpoint-options.ts";
import type { UpstreamOptions } from "../../kit/http/upstream-options.ts";
import type { ChatOptions } from "./cchat/options.ts";

/**
 * Versions of the API, the newest first. The newest has no `temperature`, `top_p` and `top_k`.
 *
 * @see https://platform.claude.com/docs/en/api/versioning
 */
export const VERSIONS = ["2026-10-21", "2023-06-01"] as const;

export type Version = (typeof VERSIONS)[number];

/** Options of an upstream that speaks Anthropic's API. */
export interface AnthropicOptions extends UpstreamOptions {
	/** Version that every request names in the header `anthropic-version`. The default is the newest. */
	readonly version: Version;
	readonly chat: ChatOptions;
}

/** Returns true if requests of a version may set `temperature` and `top_p`. */
export function hasSampling(version: Version): boolean {
	return version === "2023-06-01";
}

/** Returns the path of an endpoint, for a base URL with or without `/v1`. */
export function apiPath({ baseUrl }: Pick<EndpointOptions, "baseUrl">, endpoint: string): string {
	return /\/v1\/{0,9}$/.test(baseUrl.pathname) ? endpoint : `/v1${endpoint}`;
}
