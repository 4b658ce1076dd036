import type { SourceMessage } from "./esbuild.ts";

/** Loaders of files that are no code, by ending. A guest receives their content as text or bytes. */
export const LOADERS: Readonly<Record<string, string>> = {
	".txt": "text",
	".md": "text",
	".html": "text",
	".css": "text",
	".sql": "text",
	".csv": "text",
	".toml": "text",
	".yaml": "text",
	".yml": "text",
	".bin": "binary",
};

/**
 * Returns a fault of a guest's sources in words that say what to do. Other faults are returned unchanged.
 *
 * @param entryName Name of the guest's entry file.
 */
export function explainFault(fault: SourceMessage, entryName: string): SourceMessage {
	const text = explained(fault.text, entryName);
	const named = { ...fault, pluginName: "" };
	return text === undefined ? named : { ...named, text, notes: [] };
}

function explained(text: string, entryName: string): string | undefined {
	const missing = /^Could not resolve "([^"]+)"/.exec(text)?.[1];
	if (missing !== undefined) {
		const name = /^(?:@[^/]+\/)?[^./][^/]*/.exec(missing)?.[0];
		if (name === undefined || missing.startsWith("/") || /^[a-z0-9-]+:/.test(missing)) return undefined;
		return name === missing
			? `the package ${name} is not installed; npm install ${name}`
			: `${missing} cannot be found: install the package with npm install ${name}, or correct the path within it`;
	}
	const [, module, name] = /^No matching export in "([^"]+)" for import "([^"]+)"/.exec(text) ?? [];
	if (name === "default") return `${module} has no default export; import its names with { }, or all of them with * as`;
	if (/^Top-level await/.test(text))
		return `${entryName} awaits at its top level, which runs once, during the build, and without a host; await within \`run\``;
	const ending = /^No loader is configured for "(\.[^"]+)" files/.exec(text)?.[1];
	if (ending === ".wasm" || ending === ".node")
		return `a guest cannot load ${ending} files: its engine runs JavaScript only; use a package in JavaScript, or a tool of an MCP server`;
	if (ending !== undefined)
		return `a guest cannot import ${ending} files; it can import ${[".json", ...Object.keys(LOADERS)].join(", ")}, and code`;
	return undefined;
}
