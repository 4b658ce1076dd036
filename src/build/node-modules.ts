import { isBuiltin } from "node:module";

/** Replacement for each module of Node in a guest, by the name of the module without `node:`. */
const INSTEAD: Readonly<Record<string, string>> = {
	assert: "throw an error yourself",
	async_hooks: "pass the values as arguments",
	buffer: "use Uint8Array, TextEncoder and TextDecoder, and btoa and atob",
	child_process: "a guest starts no programs; a host can offer them as tools of an MCP server",
	crypto: "use the global crypto: getRandomValues, randomUUID and subtle.digest",
	dns: "a guest opens no connections; use hostcalls, or tools of an MCP server",
	events: "use EventTarget",
	fs: "a guest has no files; pass the content as input, import it as JSON or text, or use spear:ai/media",
	http: "a guest opens no connections; use hostcalls, or tools of an MCP server",
	http2: "a guest opens no connections; use hostcalls, or tools of an MCP server",
	https: "a guest opens no connections; use hostcalls, or tools of an MCP server",
	net: "a guest opens no connections; use hostcalls, or tools of an MCP server",
	os: "a guest sees no operating system; pass what it needs as input",
	path: "use a package such as pathe, or URL",
	perf_hooks: "use the global performance",
	process: "a guest has no environment; pass what it needs as input",
	querystring: "use URLSearchParams",
	readline: "the input of the run is the argument of `run`",
	stream: "use generators",
	string_decoder: "use TextDecoder",
	timers: "use the globals setTimeout and setInterval",
	tls: "a guest opens no connections; use hostcalls, or tools of an MCP server",
	url: "use the globals URL and URLSearchParams",
	util: "use structuredClone, TextEncoder and TextDecoder, and console for showing values",
	worker_threads: "a guest has one thread",
	zlib: "use a package such as fflate",
};

/** Returns why a guest cannot import a module of Node, and what to use instead. Returns undefined for any other module. */
export function nodeModuleAdvice(path: string): string | undefined {
	if (!isBuiltin(path)) return undefined;
	const name = path.replace(/^node:/, "").split("/", 1)[0] ?? "";
	const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : "a guest can use only hostcalls and the web platform";
	return `${path} is part of Node, which a guest in WebAssembly does not have; ${instead}`;
}
