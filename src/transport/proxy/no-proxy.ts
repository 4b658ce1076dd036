import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";
import { hostOf, portOf } from "../url-host.ts";

/** Decides which URLs are connected to directly. */
export type NoProxy = (url: URL) => boolean;

/**
 * Reads a list such as `NO_PROXY` of the environment: names, addresses and networks, separated by commas or spaces.
 *
 * - `example.com` and `.example.com` stand for the name and every name below it, `*.example.com` for the names below it.
 * - `10.0.0.0/8` stands for the addresses of that network, and `*` for every host.
 * - `:8080` after a name or an address stands for that port. Without a port, every port is meant.
 *
 * The loopback addresses are always connected to directly: a proxy could only reach its own.
 */
export function parseNoProxy(list: string): NoProxy {
	const rules = list.split(/[\s,]/).flatMap((entry) => (entry === "" ? [] : [ruleOf(entry.toLowerCase())]));
	return (url) => {
		const host = plainHost(url);
		return isLoopback(host) || rules.some((rule) => rule(host, portOf(url)));
	};
}

type Rule = (host: string, port: string) => boolean;

function ruleOf(entry: string): Rule {
	if (entry === "*") return () => true;
	const network = /^([0-9a-f.:]{2,45})\/(\d{1,3})$/.exec(entry);
	if (network !== null) return networkRule(network[1] ?? "", Number(network[2]));
	const { name, port } = splitPort(entry);
	const matches = nameRule(name);
	return (host, actual) => (port === undefined || port === actual) && matches(host);
}

/** Splits an entry into a name or an address, and a port. An address of version 6 with a port has brackets. */
function splitPort(entry: string): { readonly name: string; readonly port: string | undefined } {
	if (isIP(entry) !== 0) return { name: entry, port: undefined };
	const [, name, port] = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(entry) ?? /^([^:]*):(\d{1,5})$/.exec(entry) ?? [];
	return { name: (name ?? entry).replace(/\.$/, ""), port };
}

function nameRule(name: string): (host: string) => boolean {
	if (isIP(name) !== 0) return (host) => isIP(host) !== 0 && isSameAddress(host, name);
	if (name.startsWith("*.")) return (host) => host.endsWith(`.${asciiName(name.slice(2))}`);
	const bare = asciiName(name.replace(/^\./, ""));
	return (host) => bare !== "" && (host === bare || host.endsWith(`.${bare}`));
}

/** Returns a name as URLs hold it. Returns any other text unchanged. */
function asciiName(name: string): string {
	return domainToASCII(name) || name;
}

function networkRule(address: string, prefix: number): Rule {
	const family = isIP(address);
	if (family === 0 || prefix > (family === 4 ? 32 : 128)) return () => false;
	const addresses = new BlockList();
	addresses.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
	return (host) => isIP(host) !== 0 && addresses.check(host, isIP(host) === 4 ? "ipv4" : "ipv6");
}

function isSameAddress(one: string, other: string): boolean {
	const addresses = new BlockList();
	addresses.addAddress(one, isIP(one) === 4 ? "ipv4" : "ipv6");
	return addresses.check(other, isIP(other) === 4 ? "ipv4" : "ipv6");
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

function isLoopback(host: string): boolean {
	if (isIP(host) !== 0) return LOOPBACK.check(host, isIP(host) === 4 ? "ipv4" : "ipv6");
	return host === "localhost" || host.endsWith(".localhost");
}

/** Returns the host of a URL: a name in lower case without a final dot, or an address without brackets. */
function plainHost(url: URL): string {
	return hostOf(url).replace(/\.$/, "").toLowerCase();
}
