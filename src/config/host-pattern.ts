/**
 * Returns an entry such as `cdn.example.com`, `*.example.com:*` or `192.0.2.7:8080` as `new URL` spells the host, with the port as
 * written. Returns `undefined` for text that is no host with an optional port.
 */
export function hostPattern(entry: string): string | undefined {
	const { name, port } = splitPort(entry);
	if (port !== undefined && port !== "*" && !(Number(port) >= 1 && Number(port) <= 65_535)) return undefined;
	const wildcard = name.startsWith("*.");
	const host = wildcard ? name.slice(2) : name;
	const url = URL.parse(`https://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}/`);
	if (url === null || host === "" || /[/?#@\\*\s]/.test(host) || url.port !== "" || url.pathname !== "/") return undefined;
	// An address in another spelling is refused in URLs, so that it would allow nothing. An address has no hosts below it.
	const address = /^[\d.]+$|^\[/.test(url.hostname);
	if (address && (wildcard || !sameAddress(host, url.hostname))) return undefined;
	return `${wildcard ? "*." : ""}${url.hostname}${port === undefined ? "" : `:${port}`}`;
}

/** Splits off the port. An IPv6 address without brackets has several colons, and no port. */
function splitPort(entry: string): { readonly name: string; readonly port: string | undefined } {
	const match = /^(\[[^\]]*\]|[^:]*):([1-9]\d{0,4}|\*)$/.exec(entry);
	return match === null ? { name: entry, port: undefined } : { name: match[1] ?? "", port: match[2] };
}

function sameAddress(written: string, hostname: string): boolean {
	return hostname.startsWith("[") || written === hostname;
}
