/** Fault of a missing `base_url`, if the kind has no better example. */
const MISSING = 'is missing; it must be the URL of the upstream, e.g. "https://api.example.com/v1"';

/**
 * Returns the fault of a `base_url` as a predicate, or `undefined` for a URL that can be used.
 *
 * @param endpoints Paths that the protocol appends to the URL. A URL that already ends in an endpoint is a fault, because requests would go
 * to the endpoint twice.
 * @param missing Fault of an absent URL. The default shows a URL.
 */
export function baseUrlFault(written: string | undefined, endpoints: readonly string[], missing = MISSING): string | undefined {
	const example = 'e.g. "https://api.example.com/v1"';
	if (written === undefined) return missing;
	const url = URL.parse(written);
	if (url === null && /^https?:\/\/./i.test(written)) return `is no URL: check the name of the host and the port; write ${example}`;
	if (url === null || !/^(?:https?|wss?):$/.test(url.protocol)) return `must be an http or https URL, ${example}`;
	if (url.username !== "" || url.password !== "") return "must hold no user and no password; name the key's variable in api_key_env";
	const endpoint = endpointOf(url.pathname, endpoints);
	if (endpoint !== undefined)
		return `already ends in the path ${endpoint}, which the host appends; write "${withoutEndpoint(url, endpoints)}"`;
	if (/^ws/.test(url.protocol)) return `must be an http or https URL; write "${withoutEndpoint(url, endpoints)}"`;
	if (url.search !== "" || url.hash !== "") return `must end with its path, ${example}`;
	return undefined;
}

/** Returns the endpoint that a path ends in, or `undefined`. */
function endpointOf(path: string, endpoints: readonly string[]): string | undefined {
	const plain = path.replace(/\/{1,100}$/, "").toLowerCase();
	return endpoints.find((endpoint) => plain.endsWith(endpoint));
}

/** Returns the URL that was meant: over HTTP, without the endpoint, query and fragment. */
function withoutEndpoint(url: URL, endpoints: readonly string[]): string {
	let path = url.pathname.replace(/\/{1,100}$/, "");
	for (let found = endpointOf(path, endpoints); found !== undefined; found = endpointOf(path, endpoints))
		path = path.slice(0, -found.length);
	const scheme = url.protocol.replace("ws", "http");
	return `${scheme}//${url.host}${path.replace(/\/{1,100}$/, "")}`;
}
