import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { HOST_ASYNC_IMPORTS } from "../abi/component/async-imports.ts";
import { MANIFEST_FILE } from "../abi/component/manifest.ts";
import { writePrepared } from "../abi/component/prepared.ts";
import type { Importer } from "../abi/component/toolchain.ts";
import { transpileComponent } from "../abi/component/transpile.ts";
import { throwIfAborted } from "../async/throw-if-aborted.ts";
import { fileFault } from "../errors/file-fault.ts";
import { SpearError } from "../errors/spear-error.ts";
import { type Bundle, bundleGuest } from "./bundle.ts";
import { componentize, ENGINES, type Engine } from "./componentize.ts";
import { readWorlds, type WitWorlds } from "./wit-worlds.ts";

export interface BuildOptions {
	/** The guest's TypeScript or JavaScript file; it exports `run`. */
	readonly entry: string;
	/** The component to write, ending in `.wasm`. The prepared agent goes beside it, ending in `.spear`. */
	readonly out: string;
	/** `quickjs` when absent. */
	readonly engine?: Engine;
	/** World of the WIT to build for; `agent` when absent. A narrow one imports only its own family. */
	readonly world?: string;
	/** Folder `guest/wit` as codegen writes it, with `worlds.json`; that of this release when absent. */
	readonly witDirectory?: string;
	/** Imports that may suspend the guest, by the transpiler's names; the hostcalls' own when absent. */
	readonly asyncImports?: readonly string[];
	readonly signal?: AbortSignal;
	/** Told the beginning of each step. */
	readonly onProgress?: (step: BuildStep) => void;
	/** Imports the optional packages; for tests. */
	readonly importer?: Importer;
}

export type BuildStep = "bundle" | "componentize" | "prepare" | "write";

export interface BuildResult {
	readonly component: string;
	readonly prepared: string;
	readonly engine: Engine;
	readonly world: string;
	/** Interfaces of the hostcalls the guest's code imports. */
	readonly interfaces: readonly string[];
	readonly bytes: { readonly bundle: number; readonly component: number; readonly prepared: number };
	/** Time of each step, in ms. */
	readonly ms: Readonly<Record<BuildStep, number>>;
}

/** The WIT folder this release was generated from, as a guest's build takes it. */
export const GUEST_WIT = fileURLToPath(new URL("../../generated/guest/wit", import.meta.url));

/**
 * Builds a guest: bundles its TypeScript, puts it into a component with its engine, and prepares that component for loading
 * without a toolchain. Both outputs are written whole or not at all.
 *
 * @throws SpearError `invalid_request` for everything the guest's author can put right; the message says where and how.
 */
export async function buildGuest(options: BuildOptions): Promise<BuildResult> {
	const entry = resolve(options.entry);
	const out = resolve(options.out);
	const engine = options.engine ?? "quickjs";
	const world = options.world ?? "agent";
	if (!out.endsWith(".wasm")) throw invalid(`the output ${options.out} has to end in .wasm`);
	if (!ENGINES.includes(engine)) throw invalid(`there is no engine \`${engine}\`; choose ${ENGINES.join(" or ")}`);
	if (!(await isFile(entry))) throw invalid(`${options.entry} does not exist; give the TypeScript or JavaScript file that exports \`run\``);
	const witDirectory = resolve(options.witDirectory ?? GUEST_WIT);
	const wit = await readWorlds(witDirectory);
	const interfaces = wit.worlds.get(world);
	if (interfaces === undefined) throw invalid(`there is no world \`${world}\`; choose one of ${[...wit.worlds.keys()].join(", ")}`);

	const directory = `${out.slice(0, -".wasm".length)}.spear`;
	if (!(await isReplaceable(directory)))
		throw invalid(`${directory} is there and was not written by \`spear build\`; move it away, or name another output`);

	const ms = { bundle: 0, componentize: 0, prepare: 0, write: 0 };
	const step = async <T>(name: BuildStep, work: () => Promise<T>): Promise<T> => {
		throwIfAborted(options.signal, `building ${options.entry}`);
		options.onProgress?.(name);
		const start = performance.now();
		try {
			return await work();
		} finally {
			ms[name] = performance.now() - start;
		}
	};
	const bundle = await step("bundle", () => bundleGuest(entry, wit, options.importer));
	checkBundle(bundle, options.entry, world, interfaces, wit, options.witDirectory !== undefined);
	const component = await step("componentize", () =>
		componentize({ code: bundle.code, engine, witDirectory, world, importer: options.importer }),
	);
	const prepared = await step("prepare", () =>
		transpileComponent(component, { asyncImports: options.asyncImports ?? HOST_ASYNC_IMPORTS, engine, world, importer: options.importer }),
	);
	await step("write", async () => {
		await mkdir(dirname(out), { recursive: true }).catch(notWritable(dirname(out)));
		await writeWhole(out, component).catch(notWritable(out));
		await writePrepared(directory, prepared).catch(notWritable(directory));
	});
	return {
		component: out,
		prepared: directory,
		engine,
		world,
		interfaces: bundle.interfaces,
		bytes: {
			bundle: Buffer.byteLength(bundle.code),
			component: component.length,
			prepared: [...prepared.files.values()].reduce((sum, file) => sum + file.length, 0),
		},
		ms,
	};
}

function checkBundle(bundle: Bundle, entry: string, world: string, offered: ReadonlySet<string>, wit: WitWorlds, ownWit: boolean): void {
	if (!bundle.exports.includes("run")) {
		throw invalid(`${entry} exports no \`run\`; write \`export const run = agent((input) => …)\` with agent from "spear-hostcall/guest"`);
	}
	for (const path of bundle.interfaces) {
		const prefix = `${wit.package}/`;
		if (!path.startsWith(prefix)) {
			if (ownWit) continue;
			throw invalid(`${entry} imports ${path}; a guest reaches the world through the interfaces of ${wit.package} only`);
		}
		const [name = "", version] = path.slice(prefix.length).split("@", 2);
		const others = [...wit.worlds].filter(([, has]) => has.has(name)).map(([other]) => `\`${other}\``);
		if (others.length === 0)
			throw invalid(`${entry} imports ${path}, which does not exist; world \`${world}\` has ${[...offered].sort().join(", ")}`);
		if (!offered.has(name))
			throw invalid(`${entry} imports ${path}, which the world \`${world}\` does not have; build for ${others.join(" or ")}`);
		if (version !== wit.version)
			throw invalid(`${entry} imports ${path}, and this release has version ${wit.version}; leave the version out to take that one`);
	}
}

async function isFile(path: string): Promise<boolean> {
	return stat(path).then(
		(info) => info.isFile(),
		() => false,
	);
}

/** Whether nothing is there, or what an earlier build left. */
async function isReplaceable(directory: string): Promise<boolean> {
	const info = await stat(directory).catch(() => undefined);
	if (info === undefined) return true;
	const names = info.isDirectory() ? await readdir(directory) : undefined;
	return names !== undefined && (names.length === 0 || names.includes(MANIFEST_FILE));
}

function notWritable(path: string): (cause: unknown) => never {
	return (cause) => {
		throw new SpearError("invalid_request", `${path} cannot be written: ${fileFault(cause)}`, { cause });
	};
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
	const fresh = `${path}.${randomUUID()}.tmp`;
	try {
		await writeFile(fresh, bytes);
		await rename(fresh, path);
	} finally {
		await rm(fresh, { force: true });
	}
}

function invalid(message: string): SpearError {
	return new SpearError("invalid_request", message);
}
