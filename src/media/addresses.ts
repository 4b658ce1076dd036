import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Networks of one's own, which an operator may let guests refer to. IPv4 rules hold for IPv4 addresses mapped into IPv6 too. */
const PRIVATE = networks([
	["10.0.0.0", 8],
	["100.64.0.0", 10], // shared by a carrier's customers
	["127.0.0.0", 8],
	["169.254.0.0", 16], // link-local; clouds keep their metadata here
	["172.16.0.0", 12],
	["192.168.0.0", 16],
	["::1", 128],
	["fc00::", 7],
	["fe80::", 10],
]);

/**
 * What is no single machine, or nobody's, or carries an IPv4 address that would pass unseen. Of IPv6 all but the global unicast
 * range is refused anyway.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const NEVER = networks([
	["0.0.0.0", 8],
	["192.0.0.0", 24],
	["192.0.2.0", 24],
	["192.88.99.0", 24],
	["198.18.0.0", 15],
	["198.51.100.0", 24],
	["203.0.113.0", 24],
	["224.0.0.0", 4],
	["240.0.0.0", 4],
	["2001::", 23], // protocol assignments, Teredo among them
	["2001:db8::", 32],
	["2002::", 16], // 6to4
	["3fff::", 20],
]);

const GLOBAL_UNICAST = networks([["2000::", 3]]);

/** IPv4 written as IPv6. */
const MAPPED = networks([["::ffff:0:0", 96]]);

/** What kind of address it is: one anybody on the internet may talk to, one of a network of one's own, or one never to talk to. */
export function addressKind(address: string): "public" | "private" | "never" {
	const plain = address.replace(/%.*$/s, ""); // without the zone
	const family = isIPv4(plain) ? "ipv4" : isIPv6(plain) ? "ipv6" : undefined;
	if (family === undefined || NEVER.check(plain, family)) return "never";
	if (PRIVATE.check(plain, family)) return "private";
	return family === "ipv4" || MAPPED.check(plain, family) || GLOBAL_UNICAST.check(plain, family) ? "public" : "never";
}

function networks(list: readonly (readonly [network: string, prefix: number])[]): BlockList {
	const blocked = new BlockList();
	for (const [network, prefix] of list) blocked.addSubnet(network, prefix, isIPv4(network) ? "ipv4" : "ipv6");
	return blocked;
}
