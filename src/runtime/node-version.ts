import process from "node:process";

/** Oldest major version of Node that the package runs on. */
const REQUIRED = 24;

/** Returns the reason why this version of Node is too old, or `undefined`. Bun and Deno report the version of Node that they correspond to. */
export function nodeVersionFault(): string | undefined {
	const { node } = process.versions;
	return Number.parseInt(node, 10) < REQUIRED ? `Node ${REQUIRED} or newer is required, and this is ${node}` : undefined;
}
