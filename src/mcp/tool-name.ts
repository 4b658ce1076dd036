import { createHash } from "node:crypto";

/** Longest name of a tool that upstreams accept, in characters. */
const MAX_LENGTH = 64;

/**
 * Returns the name under which a model sees a tool: `mcp__<server>__<tool>`, both in base64url, because names of tools have characters that
 * upstreams refuse. If that is longer than 64 characters, the name is `mcp__` and a digest of both. Names are never decoded: the host
 * compares them with those of the tools that it offers.
 */
export function offeredName(server: string, tool: string): string {
	const name = `mcp__${base64Url(server)}__${base64Url(tool)}`;
	if (name.length <= MAX_LENGTH) return name;
	return `mcp__${createHash("sha256")
		.update(JSON.stringify([server, tool]))
		.digest("base64url")}`;
}

/** Returns the name that `mcp.<server>.<tool>` refers to a tool by. Ids of servers contain no dot. */
export function plainName(server: string, tool: string): string {
	return `mcp.${server}.${tool}`;
}

function base64Url(text: string): string {
	return Buffer.from(text, "utf8").toString("base64url");
}
