/**
 * Import rules as data. `check-layers.ts` applies them to the sources.
 *
 * The layer of a file is the first entry whose `files` match its path. A file may import its own layer and the layers in `may`.
 */
export interface Layer {
	readonly name: string;
	/** Matched against paths relative to the repository root. */
	readonly files: RegExp;
	/** Layers that this layer may import. `type:x` allows type-only imports of x. */
	readonly may: readonly string[];
	/** Packages outside Node that this layer may import. `*` allows all. The default is none. */
	readonly packages?: readonly string[];
}

export const LAYERS: readonly Layer[] = [
	// Generated code and the generator.
	{ name: "registry", files: /^generated\/registry\.ts$/, may: ["type:backend-contract", "backend-kind", "generated"] },
	{ name: "generated-abi", files: /^generated\/abi\//, may: ["generated"] },
	{ name: "generated", files: /^generated\//, may: ["type:backend-contract"] },
	{
		name: "wit-model",
		files: /^codegen\/(?:(?:wit|model|diagnostics)\/|breaking\/(?:rules?|core\/core-rules)\.ts$)/,
		may: [],
		packages: ["*"],
	},
	{ name: "codegen", files: /^codegen\//, may: ["wit-model"], packages: ["*"] },

	// Leaves: no layer of `src/` below them but other leaves.
	{ name: "errors", files: /^src\/errors\//, may: ["formats", "generated"] },
	{ name: "async", files: /^src\/async\//, may: ["errors", "type:time"] },
	{ name: "collections", files: /^src\/collections\//, may: [] },
	{ name: "time", files: /^src\/time\//, may: [] },
	{ name: "models", files: /^src\/models\//, may: [] },
	{ name: "formats", files: /^src\/formats\//, may: [] },
	{ name: "redaction", files: /^src\/redaction\//, may: ["formats"] },
	{ name: "operations", files: /^src\/operations\//, may: ["errors", "generated"] },
	{ name: "memory", files: /^src\/memory\//, may: ["errors"] },
	{ name: "identity", files: /^src\/identity\//, may: [] },
	{ name: "paths", files: /^src\/paths\//, may: [] },
	{ name: "packages", files: /^src\/packages\//, may: [] },
	{ name: "runtime", files: /^src\/runtime\//, may: [] },
	{ name: "model-store", files: /^src\/model-store\//, may: ["paths", "async", "formats", "errors"] },

	// The data plane.
	{
		name: "transport",
		files: /^src\/transport\//,
		may: ["async", "collections", "formats", "redaction", "errors"],
		packages: ["undici", "ws", "eventsource-parser"],
	},
	{ name: "field-rules", files: /^src\/backends\/(?:rules|rule-groups|rule-sentences|offered-features)\.ts$/, may: ["generated"] },
	{
		name: "backend-contract",
		files: /^src\/backends\/[^/]+\.ts$/,
		may: ["field-rules", "generated", "operations", "type:transport", "errors"],
	},
	{
		name: "backend-http",
		files: /^src\/backends\/kit\/http\//,
		may: ["backend-contract", "field-rules", "backend-kit", "transport", "async", "formats", "redaction", "errors", "generated"],
	},
	{
		name: "backend-conformance",
		files: /^src\/backends\/conformance\//,
		may: ["backend-contract", "operations", "errors", "generated"],
	},
	{
		name: "backend-kit",
		files: /^src\/backends\/kit\//,
		may: [
			"collections",
			"packages",
			"paths",
			"async",
			"backend-contract",
			"field-rules",
			"type:transport",
			"models",
			"formats",
			"errors",
			"generated",
		],
	},
	{
		name: "backend-protocol",
		files: /^src\/backends\/protocols\//,
		may: [
			"operations",
			"backend-contract",
			"field-rules",
			"backend-kit",
			"backend-http",
			"transport",
			"async",
			"collections",
			"packages",
			"formats",
			"redaction",
			"errors",
			"generated",
		],
		packages: ["@smithy/signature-v4"],
	},
	{
		name: "backend-kind",
		files: /^src\/backends\/kinds\//,
		may: [
			"async",
			"backend-contract",
			"field-rules",
			"backend-kit",
			"backend-http",
			"backend-protocol",
			"transport",
			"model-store",
			"packages",
			"formats",
			"errors",
			"generated",
		],
	},

	// Models of upstreams, for simulations of the router and for the demonstration.
	{ name: "simulation", files: /^src\/simulation\//, may: ["transport", "time", "errors"] },

	// The layers that a request passes, from the router up to the hostcalls.
	{
		name: "router",
		files: /^src\/router\//,
		may: [
			"type:backend-contract",
			"field-rules",
			"models",
			"async",
			"collections",
			"time",
			"identity",
			"operations",
			"errors",
			"generated",
		],
	},
	{ name: "normalize", files: /^src\/normalize\//, may: ["type:identity", "operations", "async", "formats", "errors", "generated"] },
	{ name: "stream", files: /^src\/stream\//, may: ["async", "collections", "operations", "time", "errors", "generated"] },
	// Media that hosts share: stands on the media of one host and on the shared store.
	{
		name: "media-shared",
		files: /^src\/media\/shared\//,
		may: ["media", "cluster", "transport", "packages", "paths", "formats", "type:identity", "errors"],
		packages: ["@smithy/signature-v4"],
	},
	{
		name: "media",
		files: /^src\/media\//,
		may: ["transport", "paths", "async", "formats", "type:identity", "type:normalize", "errors", "generated"],
	},
	{
		name: "telemetry",
		files: /^src\/telemetry\//,
		may: ["type:router", "identity", "operations", "formats", "errors", "generated"],
		packages: ["pino"],
	},
	{
		name: "hostcall",
		files: /^src\/hostcall\//,
		may: [
			"normalize",
			"type:router",
			"type:identity",
			"memory",
			"async",
			"collections",
			"formats",
			"operations",
			"stream",
			"time",
			"type:telemetry",
			"errors",
			"generated",
		],
	},

	// Tools of servers that the host starts, behind the interface of the hostcalls.
	{
		name: "mcp",
		files: /^src\/mcp\//,
		may: ["hostcall", "packages", "async", "time", "formats", "redaction", "type:telemetry", "errors", "generated"],
		packages: ["@modelcontextprotocol/client"],
	},

	// The side of a worker thread: hostcalls beside the guest. Sees no key: neither router, backends, transport, media store nor configuration.
	{
		name: "worker",
		files: /^src\/worker\//,
		may: ["memory", "abi", "hostcall", "stream", "time", "formats", "type:router", "type:telemetry", "errors", "generated"],
	},

	// Guest modules.
	{
		name: "abi",
		files: /^src\/abi\//,
		may: ["paths", "async", "type:memory", "errors", "time", "generated-abi", "generated"],
		packages: ["@bytecodealliance/jco-transpile"],
	},
	{
		name: "build",
		files: /^src\/build\//,
		may: ["abi", "paths", "async", "errors", "generated"],
		packages: ["esbuild", "componentize-qjs", "@bytecodealliance/componentize-js"],
	},
	{ name: "guest", files: /^src\/guest\//, may: [], packages: ["*"] },

	// What several hosts share: the store, and the parts of a host that stand on it.
	{
		name: "cluster",
		files: /^src\/cluster\//,
		may: [
			"packages",
			"async",
			"collections",
			"time",
			"formats",
			"type:router",
			"type:hostcall",
			"type:media",
			"type:telemetry",
			"identity",
			"errors",
			"generated",
		],
		packages: ["ioredis"],
	},

	// The composition root and what stands on it.
	{
		name: "config",
		files: /^src\/config\//,
		may: ["type:backend-contract", "router", "type:hostcall", "type:mcp", "type:media", "operations", "errors", "generated"],
		packages: ["smol-toml", "fastest-levenshtein"],
	},
	{
		name: "host",
		files: /^src\/host\//,
		may: [
			"packages",
			"registry",
			"generated-abi",
			"generated",
			"errors",
			"async",
			"collections",
			"time",
			"redaction",
			"identity",
			"memory",
			"models",
			"operations",
			"backend-contract",
			"field-rules",
			"stream",
			"router",
			"normalize",
			"telemetry",
			"transport",
			"hostcall",
			"mcp",
			"worker",
			"config",
			"abi",
			"media",
			"media-shared",
			"cluster",
		],
	},
	{
		name: "serve-demo",
		files: /^src\/serve\/demo\//,
		may: ["host", "backend-contract", "field-rules", "simulation", "type:telemetry", "time", "generated"],
	},
	// Runs in a browser. Sees the types of the admin API alone.
	{
		name: "serve-page-app",
		files: /^src\/serve\/page\/app\//,
		may: ["type:serve", "type:generated"],
		packages: ["preact", "eventsource-parser"],
	},
	{ name: "serve-page-build", files: /^src\/serve\/page\/build-page\.ts$/, may: [], packages: ["esbuild"] },
	// The HTTP server of a host.
	{
		name: "serve",
		files: /^src\/serve\//,
		may: [
			"serve-page-build",
			"cluster",
			"host",
			"cluster",
			"config",
			"hostcall",
			"media",
			"packages",
			"async",
			"collections",
			"formats",
			"time",
			"identity",
			"operations",
			"type:router",
			"type:stream",
			"type:telemetry",
			"errors",
			"generated",
		],
		packages: ["hono", "@hono/node-server", "ws"],
	},
	// The client of the admin API. Runs in browsers too.
	{ name: "admin-client", files: /^src\/admin-client\//, may: ["type:serve"] },
	{ name: "public-serve", files: /^src\/(?:serve|admin)\.ts$/, may: ["runtime", "serve", "admin-client"] },
	// Scripted backends, for tests of those who use this package.
	{
		name: "testing",
		files: /^src\/testing\//,
		may: ["transport", "async", "time", "backend-contract", "backend-kit", "errors", "generated"],
	},
	// Guests as plain modules, for tests: a host in another thread.
	{
		name: "guest-testing",
		files: /^src\/guest-testing\//,
		may: ["runtime", "testing", "host", "guest", "hostcall", "abi", "generated-abi", "generated", "type:telemetry", "time", "errors"],
	},
	{ name: "public-guest-testing", files: /^src\/guest-testing\.ts$/, may: ["runtime", "guest-testing", "testing", "hostcall", "errors"] },
	{
		name: "public-testing",
		files: /^src\/testing\.ts$/,
		may: ["runtime", "testing", "backend-conformance", "backend-kit", "time", "errors"],
	},
	{ name: "public-component", files: /^src\/component\.ts$/, may: ["runtime", "abi", "generated-abi", "errors"] },
	{
		name: "public",
		files: /^src\/(?:index|backend|backend-conformance)\.ts$/,
		may: [
			"runtime",
			"generated",
			"errors",
			"cluster",
			"host",
			"hostcall",
			"backend-contract",
			"field-rules",
			"backend-conformance",
			"backend-kit",
			"backend-http",
			"transport",
			"type:operations",
			"type:router",
			"type:telemetry",
			"type:memory",
			"type:cluster",
			"config",
		],
	},
	{
		name: "cli",
		files: /^src\/cli\//,
		may: [
			"runtime",
			"packages",
			"mcp",
			"formats",
			"host",
			"admin-client",
			"serve",
			"serve-demo",
			"hostcall",
			"build",
			"type:router",
			"type:telemetry",
			"type:cluster",
			"config",
			"operations",
			"abi",
			"model-store",
			"paths",
			"async",
			"errors",
			"generated",
		],
		packages: ["commander"],
	},
];

/** Folders whose subfolders never import each other. */
export const ISOLATED: readonly { readonly subfolder: RegExp; readonly rule: string }[] = [
	{ subfolder: /^src\/backends\/kinds\/[^/]+\//, rule: "a backend kind never imports another; kinds share protocols" },
	{ subfolder: /^codegen\/emit\/(?!kit\/)[^/]+\//, rule: "an emitter never imports another; emitters share the model and emit/kit" },
	{
		subfolder: /^codegen\/emit\/abi-component\/[^/.]+\//,
		rule: "an emitter never imports another; emitters share the model and emit/kit",
	},
];
