/**
 * The hosts that an entry like `cdn.example.com`, `*.example.com` or `192.0.2.7` stands for, as `new URL` spells them; `undefined`
 * when it is none.
 */
export function hostPattern(entry: string): string | undefined {
	const wildcard = entry.startsWith("*.");
	const host = wildcard ? entry.slice(2) : entry;
	const url = URL.parse(`https://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}/`);
	if (url === null || host === "" || /[/?#@\\*\s]/.test(host) || url.port !== "" || url.pathname !== "/") return undefined;
	// An address in another spelling would not do what it seems to, and there is no host below one.
	const address = /^[\d.]+$|^\[/.test(url.hostname);
	if (address && (wildcard || !sameAddress(host, url.hostname))) return undefined;
	return wildcard ? `*.${url.hostname}` : url.hostname;
}

function sameAddress(written: string, hostname: string): boolean {
	return hostname.startsWith("[") || written === hostname;
}
