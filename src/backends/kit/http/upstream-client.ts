import { HttpClient } from "../../../transport/http/client.ts";
import type { HttpOptions } from "../../../transport/http/options.ts";
import type { Network } from "../../../transport/network.ts";
import type { EndpointOptions } from "../endpoint-options.ts";
import type { VendorErrors } from "./vendor-errors.ts";

/**
 * Returns the client for the upstream of an instance.
 *
 * @param network Proxies and certificate authorities of the host. `undefined`: direct connections.
 */
export function upstreamClient(
	{ baseUrl, headers, timeouts }: Pick<EndpointOptions, "baseUrl" | "headers" | "timeouts">,
	errors: VendorErrors,
	network: Network | undefined,
	more: Pick<HttpOptions, "prepare" | "signer"> = {},
): HttpClient {
	const direct = { baseUrl, headers, timeouts, onStatus: errors.onStatus, ...more };
	return new HttpClient(network === undefined ? direct : { ...direct, network });
}
