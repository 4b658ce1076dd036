/** Beginning of the subprotocol in which browsers send their key: they cannot set headers. */
const KEY_PREFIX = "openai-insecure-api-key.";

/** Returns the subprotocols that a client offers. */
export function offeredProtocols(header: string | undefined): string[] {
	return (header ?? "").split(",", 100).map((protocol) => protocol.trim());
}

/** Returns the key in a subprotocol. */
export function keyProtocol(offered: readonly string[]): string | undefined {
	const protocol = offered.find((each) => each.startsWith(KEY_PREFIX));
	return protocol === undefined || protocol.length === KEY_PREFIX.length ? undefined : protocol.slice(KEY_PREFIX.length);
}
