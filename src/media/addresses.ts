import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Private networks, which an operator may allow. Rules for IPv4 also hold for IPv4 addresses mapped into IPv6. */
const PRIVATE = networks([
	["10.0.0.0", 8],
	["100.64.0.0", 10], // shared address space of carriers
	["127.0.0.0", 8],
	["172.16.0.0", 12],
	["192.168.0.0", 16],
	["::1", 128],
	["fc00::", 7],
]);

/**
 * Link-local networks, and the metadata services of clouds outside these networks. Metadata services hand out credentials of the machine.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html and the like of other clouds
 */
const LINK_LOCAL = networks([
	["169.254.0.0", 16],
	["fe80::", 10],
	["100.100.100.200", 32], // Alibaba Cloud
	["168.63.129.16", 32], // Azure
	["fd00:ec2::", 32], // AWS
	["fd20:ce::254", 128], // Google Cloud
	["fd00:c1::a9fe:a9fe", 128], // Oracle Cloud
	["fd00:42::42", 128], // Scaleway
]);

/**
 * Networks that are never allowed: multicast, broadcast, reserved or documentation addresses, and IPv6 networks that embed an IPv4
 * address, which would evade the rules for IPv4. IPv6 outside global unicast is refused without being listed.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const RESERVED = networks([
	["0.0.0.0", 8],
	["192.0.0.0", 24],
	["192.0.2.0", 24],
	["192.88.99.0", 24],
	["198.18.0.0", 15],
	["198.51.100.0", 24],
	["203.0.113.0", 24],
	["224.0.0.0", 4],
	["240.0.0.0", 4],
	["2001::", 23], // protocol assignments, among them Teredo
	["2001:db8::", 32],
	["2002::", 16], // 6to4
	["3fff::", 20],
]);

const GLOBAL_UNICAST = networks([["2000::", 3]]);

/** IPv4 addresses written as IPv6. */
const MAPPED = networks([["::ffff:0:0", 96]]);

/** Kinds of addresses. `link-local` includes the metadata services of clouds. */
export type AddressKind = "public" | "private" | "link-local" | "reserved";

/** Returns the kind of an IP address. Text that is no address is reserved. */
export function addressKind(address: string): AddressKind {
	const plain = address.replace(/%.*/s, ""); // without the zone
	const family = isIPv4(plain) ? "ipv4" : isIPv6(plain) ? "ipv6" : undefined;
	if (family === undefined || RESERVED.check(plain, family)) return "reserved";
	if (LINK_LOCAL.check(plain, family)) return "link-local";
	if (PRIVATE.check(plain, family)) return "private";
	return family === "ipv4" || MAPPED.check(plain, family) || GLOBAL_UNICAST.check(plain, family) ? "public" : "reserved";
}

function networks(list: readonly (readonly [network: string, prefix: number])[]): BlockList {
	const blocked = new BlockList();
	for (const [network, prefix] of list) blocked.addSubnet(network, prefix, isIPv4(network) ? "ipv4" : "ipv6");
	return blocked;
}
