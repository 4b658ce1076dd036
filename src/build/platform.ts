/**
 * The web platform in guests: which globals `spear build` adds for each engine, and how. Only the globals that a guest uses are part of its
 * component.
 *
 * @see src/guest/platform/README.md
 */
import type { Engine } from "./componentize.ts";
import { NO_FUNCTION } from "./run-export.ts";

/** A module of `src/guest/platform/`, and the globals that it exports. */
interface PlatformModule {
	readonly module: string;
	/** Exported name by global. */
	readonly globals: Readonly<Record<string, string>>;
	readonly engines: readonly Engine[];
}

const same = (...names: string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, name]));

/**
 * StarlingMonkey has a platform of its own. Replaced there: the console writes to standard output, the clock begins at the build, and the events of
 * `AbortSignal.any` are missing.
 */
const MODULES: readonly PlatformModule[] = [
	{ module: "console", globals: same("console"), engines: ["quickjs", "starlingmonkey"] },
	{ module: "timers", globals: same("setTimeout", "setInterval", "clearTimeout", "clearInterval"), engines: ["quickjs"] },
	{ module: "microtasks", globals: same("queueMicrotask"), engines: ["quickjs"] },
	{ module: "encoding", globals: same("TextEncoder", "TextDecoder"), engines: ["quickjs"] },
	{ module: "url", globals: same("URL", "URLSearchParams"), engines: ["quickjs"] },
	{ module: "structured-clone", globals: same("structuredClone"), engines: ["quickjs"] },
	{ module: "crypto", globals: same("crypto"), engines: ["quickjs"] },
	{ module: "event", globals: same("Event", "EventTarget", "CustomEvent"), engines: ["quickjs", "starlingmonkey"] },
	{ module: "abort", globals: same("AbortController", "AbortSignal"), engines: ["quickjs", "starlingmonkey"] },
	{ module: "performance", globals: same("performance"), engines: ["quickjs", "starlingmonkey"] },
	{ module: "report-error", globals: same("reportError"), engines: ["quickjs"] },
	{ module: "self", globals: same("self"), engines: ["quickjs"] },
];

/** Returns the names of the globals that the build adds for an engine. */
export function addedGlobals(engine: Engine): readonly string[] {
	return MODULES.filter(({ engines }) => engines.includes(engine)).flatMap(({ globals }) => Object.keys(globals));
}

/** Prefix of the platform's modules in imports. */
export const PLATFORM = "spear-hostcall-platform:";

/** Properties of the global object, such as `globalThis.crypto`, and the one method of the engine that the platform replaces. */
const ACCESS = /\b(?:globalThis|self|window|global)(?:\?\.|\.)([A-Za-z]+)|\b(Math)\.random\b/g;

/** Returns the globals of the platform that code reads as properties of the global object, and `Math.random`. */
export function accessedGlobals(code: string, engine: Engine): Set<string> {
	const added = new Set(addedGlobals(engine));
	const found = new Set<string>();
	for (const [, name, math] of code.matchAll(ACCESS)) {
		if (math !== undefined && engine === "quickjs") found.add("Math.random");
		if (name !== undefined && added.has(name)) found.add(name);
	}
	return found;
}

/** Returns the source of the module that installs globals before the guest's modules are evaluated. */
export function installSource(names: ReadonlySet<string>): string {
	const lines: string[] = [];
	for (const { module, globals } of MODULES)
		for (const [global, exported] of Object.entries(globals))
			if (names.has(global))
				lines.push(`import { ${exported} as $${global} } from "${PLATFORM}${module}"; define("${global}", $${global});`);
	if (names.has("Math.random")) lines.push(`import { random } from "${PLATFORM}random"; Math.random = random;`);
	return [
		`const define = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });`,
		...lines,
	].join("\n");
}

/**
 * Returns the source of the module that the build bundles: the author's `run`, behind the entry point of the engine.
 *
 * @param entry Path of the author's module.
 */
export function entrySource(entry: string, engine: Engine): string {
	const point = engine === "quickjs" ? "entry" : "entry-native";
	return [
		`import { entryPoint } from "${PLATFORM}${point}";`,
		`import "${PLATFORM}install";`,
		`import { run as authored } from ${JSON.stringify(entry)};`,
		`if (typeof authored !== "function") throw new TypeError(${JSON.stringify(NO_FUNCTION)} + (authored === null ? "null" : typeof authored));`,
		"export const run = entryPoint(authored);",
	].join("\n");
}

/** Interface of WASI from which the platform draws random numbers. Every host of components offers it. */
export const RANDOM_INTERFACE = "wasi:random/random@0.2.12";
