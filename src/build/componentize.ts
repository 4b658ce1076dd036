import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Importer, importTool, isRecord, type Tool } from "../abi/component/toolchain.ts";
import { GuestSourceMap } from "../abi/debug/source-map/source-map.ts";
import { SpearError } from "../errors/spear-error.ts";

/** JavaScript engines for guests. QuickJS is small and fast at hostcalls. StarlingMonkey is SpiderMonkey without JIT, with the web's APIs. */
export const ENGINES = ["quickjs", "starlingmonkey"] as const;
export type Engine = (typeof ENGINES)[number];

/** The package of each engine. */
export const ENGINE_TOOLS: Readonly<Record<Engine, Tool>> = {
	quickjs: {
		package: "componentize-qjs",
		version: "0.4.5",
		purpose: "Building a guest with QuickJS",
		alternative: "Or build with StarlingMonkey (engine `starlingmonkey`).",
	},
	starlingmonkey: {
		package: "@bytecodealliance/componentize-js",
		version: "0.22.0",
		purpose: "Building a guest with StarlingMonkey",
		alternative: "Or build with QuickJS (engine `quickjs`).",
	},
};

export interface ComponentizeInput {
	/** Text of the bundled module. */
	readonly code: string;
	/** Source map of the module, for the messages of errors at its top level. */
	readonly sourceMap: string;
	readonly engine: Engine;
	readonly witDirectory: string;
	readonly world: string;
	readonly importer?: Importer | undefined;
}

/**
 * Combines a bundled guest and an engine into one component.
 * The guest's top level runs once, during the build, and cannot call the host. The state that it leaves is part of the component.
 *
 * @throws SpearError `invalid_request` with the engine's message if the top level throws, or if the guest does not fit the world.
 */
export async function componentize(input: ComponentizeInput): Promise<Uint8Array> {
	const tool = ENGINE_TOOLS[input.engine];
	const engine = await importTool(tool, input.importer);
	if (!isComponentizer(engine))
		throw new SpearError("internal", `${tool.package} has no function componentize; install version ${tool.version}`);
	try {
		const { component } = await (input.engine === "quickjs"
			? engine.componentize({ witPath: input.witDirectory, jsSource: input.code, world: input.world, sync: true })
			: withSourceFile(input.code, (sourcePath) =>
					engine.componentize({
						sourcePath,
						witPath: input.witDirectory,
						worldName: input.world,
						disableFeatures: ["http", "fetch-event"],
					}),
				));
		return component;
	} catch (cause) {
		throw new SpearError("invalid_request", `the guest cannot be built with ${input.engine}: ${explain(cause, input.sourceMap)}`, {
			cause,
		});
	}
}

/** Passes `code` to the engine as a file. The name of the file is part of stack traces, so that it is the same for every build. */
async function withSourceFile<T>(code: string, use: (path: string) => Promise<T>): Promise<T> {
	const directory = await mkdtemp(join(tmpdir(), "spear-build-"));
	try {
		const path = join(directory, "guest.js");
		await writeFile(path, code);
		return await use(path);
	} finally {
		await rm(directory, { recursive: true, force: true });
	}
}

/** Returns the part of an engine's message that helps the author of the guest. */
function explain(cause: unknown, sourceMap: string): string {
	const text = cause instanceof Error ? cause.message : String(cause);
	const called = /unknown import: `([^`]+)`/.exec(text)?.[1];
	if (called !== undefined) {
		return `its top level calls the host (${called}), which does not run during the build; make the call in \`run\` (console output is a hostcall too)`;
	}
	const lines = new GuestSourceMap(sourceMap)
		.locate(
			text
				.split("\n")
				.filter((line) => line.trim() !== "" && (GUEST_FRAME.test(line) || !NOISE.test(line)))
				.join("\n"),
		)
		.split("\n");
	// The first lines name the fault. Engines append up to a hundred lines of their own state.
	return lines
		.slice(0, 12)
		.join("\n")
		.replace(/^[:\s]+/, "");
}

/** Frames of the guest in the backtrace of QuickJS. */
const GUEST_FRAME = /componentize-qjs:user\.js/;

/** Lines about the engine itself: backtraces, and the tool that ran it. */
const NOISE = /^\s*(at |\d+: |stack backtrace|note: |Stack:|Failed to initialize component|error while executing at wasm backtrace)/;

interface Componentizer {
	componentize(options: Readonly<Record<string, unknown>>): Promise<{ readonly component: Uint8Array }>;
}

function isComponentizer(value: unknown): value is Componentizer {
	return isRecord(value) && typeof value.componentize === "function";
}
