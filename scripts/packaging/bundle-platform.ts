/** The packages behind the web platform of guests, inside the modules that export them. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { PLATFORM } from "../../src/build/platform.ts";
import { PATCHED_MODULE, patchedSource, replacement } from "../../src/build/platform-packages.ts";

const FOLDER = resolve("src/guest/platform");

/** Modules that only re-export parts of packages. */
const MODULES = ["encoding", "url", "digests"];

/** Packages whose code the modules contain. */
export const PLATFORM_PACKAGES: readonly string[] = [
	"node_modules/@exodus/bytes",
	"node_modules/@noble/hashes",
	"node_modules/punycode",
	"node_modules/webidl-conversions",
	"node_modules/whatwg-url",
];

/** Replaces what is too large, as a build of a guest from the sources does. */
const replaced: Plugin = {
	name: "replaced",
	setup({ onResolve, onLoad, resolve }) {
		onResolve({ filter: /^(?:tr46$|@exodus\/|\.\/encoding$)/ }, async ({ path, importer, kind, resolveDir }) => {
			const other = replacement(path, importer);
			if (other === undefined) return undefined;
			if (other.startsWith(PLATFORM)) return { path: join(FOLDER, `${other.slice(PLATFORM.length)}.ts`) };
			return { path: (await resolve(other, { kind, resolveDir })).path };
		});
		onLoad({ filter: PATCHED_MODULE }, ({ path }) => ({ contents: patchedSource(readFileSync(path, "utf8")), loader: "js" }));
	},
};

/** Bundles the modules into `dist`. The code that several of them contain is in a module of its own. */
export async function bundlePlatform(): Promise<void> {
	await build({
		entryPoints: MODULES.map((name) => `src/guest/platform/${name}.ts`),
		outdir: "dist/src/guest/platform",
		chunkNames: "shared-[hash]",
		bundle: true,
		splitting: true,
		platform: "neutral",
		mainFields: ["module", "main"],
		format: "esm",
		target: "es2023",
		legalComments: "none",
		minify: true,
		plugins: [replaced],
	});
}
