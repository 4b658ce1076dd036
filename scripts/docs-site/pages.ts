/** The pages of the documentation, in the order of its contents. `llms.txt` and the site are made of this list. */

export interface Page {
	/** Markdown file, relative to the root of the repository. */
	readonly file: string;
	/** Name in the contents. */
	readonly name: string;
	/** Subject of the page, in one sentence without its end. */
	readonly about: string;
}

export interface Section {
	readonly title: string;
	readonly pages: readonly Page[];
}

/** The reference of the ABI on one page, which the generator writes. The site has it beside its own pages. */
export const ABI_ON_ONE_PAGE = "generated/docs/reference.html";

function page(file: string, name: string, about: string): Page {
	return { file, name, about };
}

export const SECTIONS: readonly Section[] = [
	{
		title: "Start",
		pages: [
			page("README.md", "Overview", "what the project is, a first client, guest, host and server"),
			page("docs/platforms.md", "Platforms", "versions of Node, Bun and Deno that were tried, and what works there"),
			page("docs/try.md", "Try the repository", "two commands that run everything on this machine, without a key"),
		],
	},
	{
		title: "Embed",
		pages: [
			page("docs/embed.md", "Embed a host", "clients, agents, budgets for each user, errors, and a server of your own"),
			page(
				"examples/web-frameworks/README.md",
				"Web frameworks",
				"Fastify, Hono and Next stream an agent's words, with a budget for each user",
			),
			page("src/backends/README.md", "A backend of your own", "a backend kind in a package of your own, from an empty folder"),
			page("src/telemetry/README.md", "Telemetry", "metrics, spans and trace ids by the OpenTelemetry conventions"),
		],
	},
	{
		title: "Write guests",
		pages: [
			page("docs/guests.md", "Write a guest", "build, stream, debug and stop a guest"),
			page("src/guest/README.md", "Guest library", "chats, tools, structured output, search, retries and media in a guest"),
			page("src/guest/platform/README.md", "Web platform", "globals of guests, by engine"),
			page("docs/core-modules.md", "Core modules", "guests in C, Rust and Go without the component model, and their user streams"),
		],
	},
	{
		title: "Operate",
		pages: [
			page("docs/configure.md", "Configure", "backends, keys, routes, limits and untrusted guests in spear.toml"),
			page("src/serve/README.md", "Server", "spear serve: agents over HTTP, clients, bounds and health"),
			page("src/serve/openai/README.md", "OpenAI's API", "the OpenAI-compatible API of spear serve"),
			page("src/serve/anthropic/README.md", "Anthropic's API", "the messages API of spear serve"),
			page("src/serve/admin/README.md", "Admin API", "state, decisions and overrides of a running server"),
			page("src/serve/page/README.md", "Operator's page", "health, traffic, errors and budgets in a browser"),
			page("docs/cluster.md", "Several hosts", "limits, runs and media that hosts share by a server of the Redis protocol"),
			page("src/router/README.md", "Router", "selection, retries, hedging, health and limits, with a simulation"),
			page(
				"src/cluster/SIMULATION.md",
				"Many hosts in simulations",
				"shared limits and hints of a thousand hosts with faults of the store",
			),
			page("src/cluster/leases/README.md", "Limits over hosts", "slices of rates, budgets and places that hosts share"),
			page("src/media/shared/README.md", "Media over hosts", "media objects in a directory, a store or a bucket that hosts share"),
			page("src/mcp/README.md", "MCP servers", "tools of MCP servers that the host runs for guests"),
			page("src/model-store/README.md", "Local models", "models that run on this machine, with licences and figures"),
			page("docs/speech.md", "Speak and transcribe", "spear speak, spear transcribe and spear doctor"),
			page("docs/network.md", "Proxies and certificates", "connections through proxies, and certificate authorities"),
		],
	},
	{
		title: "Reference",
		pages: [
			page("src/config/README.md", "Configuration", "every key of spear.toml: type, default, bounds and an example"),
			page("src/backends/kinds/README.md", "Backend kinds", "the options of each backend kind"),
			page("src/backends/kinds/MATRIX.md", "Fields by kind", "what each kind does with every field of a request"),
			page("docs/commands.md", "Commands", "exit codes of the commands"),
			page("generated/docs/README.md", "ABI", "the interfaces, worlds, operations and errors of spear:ai"),
			...["asr", "cchat", "discovery", "emb", "img", "log", "media", "output", "poll", "rt", "transform", "tts", "types"].map((name) =>
				page(`generated/docs/${name}.md`, `spear:ai/${name}`, `functions and types of the interface ${name}`),
			),
			...[
				"agent",
				"chat-agent",
				"embeddings-agent",
				"image-agent",
				"realtime-agent",
				"speech-agent",
				"transcription-agent",
				"transform-agent",
			].map((name) => page(`generated/docs/worlds/${name}.md`, `World ${name}`, `imports and exports of the world ${name}`)),
			page("generated/docs/core.md", "Core functions", "the functions that core modules import"),
			page("src/hostcall/core/README.md", "Core parameters", "parameters, bounds and differences of core hostcalls"),
			page("src/abi/README.md", "Guest engine", "loading, limits, refusals and traps of guests, and the cost of metering"),
			page("CHANGELOG.md", "Changelog", "changes by version"),
		],
	},
	{
		title: "Examples",
		pages: [
			page("examples/all-families/README.md", "All families", "every operation in one guest"),
			page("examples/chat-agent/README.md", "Chat agent", "a streamed chat with a tool"),
			page("examples/core-agent/README.md", "Core agent", "a core module in C with a tool"),
			page("examples/parts-store/README.md", "Parts store", "a tool call and structured output on a local model"),
			page("examples/streaming-agent/README.md", "Streaming agent", "a guest that emits its answer while the model writes"),
			page("examples/vendors/README.md", "Vendors", "the vendors' own APIs in one configuration"),
			page("examples/many-backends/README.md", "Many backends", "routes, weights and fallbacks over many backends"),
			page("examples/voice-check/README.md", "Voice check", "speech, transcripts and embeddings on local models"),
			page("examples/serve/README.md", "Deployment", "spear serve in a container and under systemd"),
			page("examples/cluster/README.md", "Three hosts", "three hosts and a store with one command, and an access list for the store"),
			page("examples/emitter/README.md", "Emitter", "a target of your own for spear-codegen"),
		],
	},
	{
		title: "Project",
		pages: [
			page("ARCHITECTURE.md", "Architecture", "layers, and the way of one request"),
			page("src/cluster/README.md", "Shared store", "rooms, keys and guarantees of the store that hosts share"),
			page("CONTRIBUTING.md", "Contributing", "set up, change the ABI, add a vendor"),
			page("codegen/README.md", "spear-codegen", "the generator for a WIT of your own"),
			page("codegen/breaking/README.md", "Breaking changes", "the check of a WIT against its lock"),
			page("codegen/breaking/MATRIX.md", "Edits that break", "a table of edits and whom they break"),
		],
	},
];

export const PAGES: readonly Page[] = SECTIONS.flatMap(({ pages }) => pages);
