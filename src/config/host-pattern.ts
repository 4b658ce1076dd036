/**
 * Returns an entry such as `cdn.example.com`, `*.example.com` or `192.0.2.7` as `new URL` spells it. Returns `undefined` for text that is
 * no host.
 */
export function hostPattern(entry: string): string | undefined {
	const wildcard = entry.startsWith("*.");
	const host = wildcard ? entry.slice(2) : entry;
	const url = URL.parse(`https://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}/`);
	if (url === null || host === "" || /[/?#@\\*\s]/.test(host) || url.port !== "" || url.pathname !== "/") return undefined;
	// An address in another spelling is refused in URLs, so that it would allow nothing. An address has no hosts below it.
	const address = /^[\d.]+$|^\[/.test(url.hostname);
	if (address && (wildcard || !sameAddress(host, url.hostname))) return undefined;
	return wildcard ? `*.${url.hostname}` : url.hostname;
}

function sameAddress(written: string, hostname: string): boolean {
	return hostname.startsWith("[") || written === hostname;
}
