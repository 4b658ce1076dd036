/**
 * The rules of who may import whom, as data. `check-layers.ts` holds the sources to them.
 *
 * A layer is the first entry whose `files` match a path. It may import itself, and what `may` lists.
 */
export interface Layer {
	readonly name: string;
	/** Matched against paths relative to the repository root. */
	readonly files: RegExp;
	/** Layers it may import. `type:x` allows type-only imports of x. */
	readonly may: readonly string[];
	/** Packages outside Node itself that it may import; none when absent. `*` allows all. */
	readonly packages?: readonly string[];
}

export const LAYERS: readonly Layer[] = [
	{
		name: "registry",
		files: /^generated\/registry\.ts$/,
		may: ["backend-interface", "backend-kind", "generated"],
	},
	{ name: "generated", files: /^generated\//, may: ["type:backend-interface"] },
	{ name: "codegen", files: /^codegen\//, may: [], packages: ["*"] },
	{ name: "errors", files: /^src\/errors\//, may: ["generated"] },
	{ name: "models", files: /^src\/models\//, may: [] },
	{ name: "formats", files: /^src\/formats\//, may: [] },
	{ name: "time", files: /^src\/time\//, may: [] },
	{
		name: "transport",
		files: /^src\/backends\/(?:http|http-download|websocket|websocket-connection)\.ts$/,
		may: ["errors", "backend-support"],
		packages: ["undici"],
	},
	{ name: "backend-interface", files: /^src\/backends\/backend\.ts$/, may: ["generated", "errors"] },
	{
		name: "backend-support",
		files: /^src\/backends\/[^/]+\.ts$/,
		may: ["backend-interface", "models", "formats", "errors", "generated"],
		packages: ["eventsource-parser"],
	},
	{
		name: "backend-kind",
		files: /^src\/backends\/[^/]+\//,
		may: ["backend-interface", "backend-support", "transport", "formats", "errors", "generated"],
	},
	{ name: "stream", files: /^src\/stream\//, may: ["time", "errors", "generated"] },
	{ name: "media", files: /^src\/media\//, may: ["transport", "formats", "type:normalize", "errors", "generated"] },
	{ name: "router", files: /^src\/router\//, may: ["type:backend-interface", "models", "time", "errors", "generated"] },
	{ name: "normalize", files: /^src\/normalize\//, may: ["errors", "generated"] },
	{ name: "telemetry", files: /^src\/telemetry\//, may: ["type:router", "errors", "generated"], packages: ["pino"] },
	{
		name: "hostcall",
		files: /^src\/hostcall\//,
		may: ["normalize", "type:router", "stream", "time", "type:telemetry", "errors", "generated"],
	},
	{
		name: "config",
		files: /^src\/config\//,
		may: ["type:backend-interface", "router", "type:hostcall", "type:media", "errors", "generated"],
		packages: ["smol-toml"],
	},
	{ name: "host", files: /^src\/host\//, may: ["errors", "generated"], packages: ["@bytecodealliance/jco-transpile"] },
	{
		name: "build",
		files: /^src\/build\//,
		may: ["host", "errors", "generated"],
		packages: ["esbuild", "componentize-qjs", "@bytecodealliance/componentize-js"],
	},
	{ name: "guest", files: /^src\/guest\//, may: [], packages: ["*"] },
	{
		name: "root",
		files: /^src\/(?:create-host|fleet|route-query|watch-file|restart-needed|agent|unwrap-outcome|index)\.ts$/,
		may: [
			"registry",
			"generated",
			"errors",
			"backend-interface",
			"stream",
			"router",
			"normalize",
			"telemetry",
			"hostcall",
			"config",
			"host",
			"media",
			"time",
		],
	},
	{
		name: "cli",
		files: /^src\/cli\//,
		may: ["root", "build", "type:router", "type:telemetry", "config", "host", "errors", "generated"],
		packages: ["commander"],
	},
];

/** Backend kinds are one layer each: none may import another. */
export function kindOf(path: string): string | undefined {
	return /^src\/backends\/([^/]+)\//.exec(path)?.[1];
}
