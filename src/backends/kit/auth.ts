import type { BackendContext } from "../../../generated/backends/backend.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { EndpointOptions } from "./endpoint-options.ts";

/**
 * Returns the header with the key, or no header without a key. Signed requests have no such header.
 *
 * @throws SpearError `backend_error` for a key that no header can carry, for example because it ends in a line break.
 */
export function authHeaders(
	options: { readonly authHeader: EndpointOptions["authHeader"] | undefined },
	key: string | undefined,
): Record<string, string> {
	if (options.authHeader === undefined || key === undefined || key === "") return {};
	if (!/^[\x21-\x7e]+$/.test(key)) {
		throw new SpearError(
			"backend_error",
			"the backend's API key holds characters that no header can carry; its operator must check the environment variable",
			{ attribution: "credentials", processed: "no" },
		);
	}
	return { [options.authHeader]: options.authHeader === "authorization" ? `Bearer ${key}` : key };
}

/**
 * Returns the headers of a request that come from its context: that with the key, and the trace context if the upstream may receive it.
 *
 * @throws SpearError as `authHeaders`.
 */
export function contextHeaders(
	options: { readonly authHeader: EndpointOptions["authHeader"] | undefined },
	{ apiKey, traceparent }: Pick<BackendContext, "apiKey" | "traceparent">,
): Record<string, string> {
	const headers = authHeaders(options, apiKey);
	return traceparent === undefined ? headers : { ...headers, traceparent };
}
