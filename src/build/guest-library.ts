import { readFile } from "node:fs/promises";
import { dirname, posix } from "node:path";
import type { Engine } from "./componentize.ts";
import type { PluginBuild } from "./esbuild.ts";
import { entrySource, installSource, PLATFORM } from "./platform.ts";
import { isPlatformPackage, PACKAGE_ROOT, PATCHED_MODULE, patchedSource, replacement } from "./platform-packages.ts";

/** Entry points of the guest library, by the part of the path after `spear-hostcall/guest`. */
export const ENTRY_POINTS: Readonly<Record<string, string>> = {
	"": "guest",
	...Object.fromEntries(["chat", "history", "media", "poll", "retry", "schema", "search", "structured"].map((name) => [`/${name}`, name])),
};
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

/**
 * Namespace of the guest library's files in a bundle. In the namespace of files, the bundle and its source map would hold the path from
 * the project to the installed package, which differs from machine to machine.
 */
export const GUEST_LIBRARY_NAMESPACE = "spear-hostcall";

/** Namespace of the modules that the build writes itself. */
export const MADE_NAMESPACE = "spear-build";

/** Returns the path of a module of the platform for an engine. StarlingMonkey has timers. */
function ofEngine(path: string, engine: Engine): string {
	return engine === "starlingmonkey" ? path.replace(/^(guest\/platform\/timers)(?=\.)/, "$1-native") : path;
}

export interface GuestLibraryOptions {
	/** Path of the author's module. */
	readonly entry: string;
	readonly engine: Engine;
	/** Globals to install before the author's modules are evaluated. */
	readonly installed: ReadonlySet<string>;
}

/** Finds and reads the files of the guest library and of the platform of this release. */
export function addGuestLibrary(build: PluginBuild, { entry, engine, installed }: GuestLibraryOptions): void {
	const namespace = GUEST_LIBRARY_NAMESPACE;
	build.onResolve({ filter: /^spear-hostcall\/guest(\/|$)/ }, ({ path }) => {
		const name = ENTRY_POINTS[path.slice("spear-hostcall/guest".length)];
		if (name !== undefined) return { path: `guest/${name}.${EXTENSION}`, namespace, sideEffects: false };
		const known = Object.keys(ENTRY_POINTS).map((suffix) => `spear-hostcall/guest${suffix}`);
		return { errors: [{ text: `${path} does not exist; the guest library has ${known.join(", ")}` }] };
	});
	build.onResolve({ filter: /^spear-hostcall-platform:/ }, ({ path }) => {
		const name = path.slice(PLATFORM.length);
		if (name === "main" || name === "install") return { path: name, namespace: MADE_NAMESPACE };
		return { path: `guest/platform/${name}.${EXTENSION}`, namespace, sideEffects: name.startsWith("entry") };
	});
	build.onResolve({ filter: /^\./, namespace }, ({ path, importer }) => ({
		path: ofEngine(posix.join(posix.dirname(importer), path), engine),
		namespace,
		sideEffects: false,
	}));
	build.onResolve({ filter: /^[@a-z][^:]*$/, namespace }, async ({ path, kind }) => {
		if (/^spear-hostcall/.test(path)) return undefined;
		const found = await build.resolve(path, { kind, resolveDir: PACKAGE_ROOT, pluginData: undefined });
		return found.errors.length === 0 ? { path: found.path } : undefined;
	});
	build.onResolve({ filter: /^(?:tr46$|@exodus\/|\.\/encoding$)/ }, async ({ path, kind, importer }) => {
		const other = replacement(path, importer);
		if (other === undefined) return undefined;
		if (other.startsWith(PLATFORM)) return { path: `guest/platform/${other.slice(PLATFORM.length)}.${EXTENSION}`, namespace };
		const found = await build.resolve(other, { kind, resolveDir: dirname(importer), pluginData: undefined });
		return found.errors.length === 0 ? { path: found.path } : undefined;
	});
	build.onLoad({ filter: /./, namespace }, async ({ path }) => ({
		contents: await readFile(new URL(`../${path}`, import.meta.url), "utf8"),
		loader: EXTENSION,
	}));
	build.onLoad({ filter: PATCHED_MODULE }, async ({ path }) =>
		isPlatformPackage(path)
			? { contents: patchedSource(await readFile(path, "utf8")), loader: "js", resolveDir: dirname(path) }
			: undefined,
	);
	build.onLoad({ filter: /./, namespace: MADE_NAMESPACE }, ({ path }) =>
		path === "install"
			? { contents: installSource(installed), loader: "js" }
			: { contents: entrySource(entry, engine), loader: "js", resolveDir: dirname(entry) },
	);
}
