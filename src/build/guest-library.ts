import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import type { PluginBuild } from "./esbuild.ts";

/** Entry points of the guest library, by the part of the path after `spear-hostcall/guest`. */
const ENTRY_POINTS: Readonly<Record<string, string>> = { "": "guest", "/chat": "chat", "/poll": "poll" };
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

/**
 * Namespace of the guest library's files in a bundle. In the namespace of files, the bundle and its source map would hold the path from
 * the project to the installed package, which differs from machine to machine.
 */
export const GUEST_LIBRARY_NAMESPACE = "spear-hostcall";

/** Finds and reads the files of the guest library of this release. */
export function addGuestLibrary(build: PluginBuild): void {
	const namespace = GUEST_LIBRARY_NAMESPACE;
	build.onResolve({ filter: /^spear-hostcall\/guest(\/|$)/ }, ({ path }) => {
		const name = ENTRY_POINTS[path.slice("spear-hostcall/guest".length)];
		if (name !== undefined) return { path: `guest/${name}.${EXTENSION}`, namespace };
		const known = Object.keys(ENTRY_POINTS).map((suffix) => `spear-hostcall/guest${suffix}`);
		return { errors: [{ text: `${path} does not exist; the guest library has ${known.join(", ")}` }] };
	});
	build.onResolve({ filter: /^\./, namespace }, ({ path, importer }) => ({ path: posix.join(posix.dirname(importer), path), namespace }));
	build.onLoad({ filter: /./, namespace }, async ({ path }) => ({
		contents: await readFile(new URL(`../${path}`, import.meta.url), "utf8"),
		loader: EXTENSION,
	}));
}
