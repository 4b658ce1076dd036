/** Returns the host of a URL: a name, or an address without brackets. */
export function hostOf({ hostname }: Pick<URL, "hostname">): string {
	return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Returns the port of an http or https URL, also where the URL leaves it out. */
export function portOf({ port, protocol }: Pick<URL, "port" | "protocol">): string {
	if (port !== "") return port;
	return protocol === "https:" ? "443" : "80";
}
