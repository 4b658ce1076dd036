/** Makes the bundle of the generator with esbuild. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { BUNDLED_PACKAGES } from "../cache/generator.ts";
import { jsoncParser } from "./jsonc-parser.ts";

const CODEGEN = path.resolve(import.meta.dirname, "..");

/** A script whose value is a function `(require) => generate`. ASCII only. */
export async function bundled(): Promise<Uint8Array> {
	const { outputFiles } = await build({
		...COMMON,
		entryPoints: [path.join(CODEGEN, "generate.ts")],
		format: "iife",
		globalName: "bundle",
		banner: { js: "(function (require) {" },
		footer: { js: "return bundle.generate;\n})" },
		// A script has no `import()` without a flag of Node.
		supported: { "dynamic-import": false },
		plugins: [sharedModules(await modulesOfCommandLine()), placesOfModules, jsoncParser, packages],
	});
	const [script] = outputFiles;
	if (script === undefined) throw new Error("esbuild made no file");
	return script.contents;
}

const COMMON = {
	absWorkingDir: CODEGEN,
	bundle: true as const,
	write: false as const,
	platform: "node",
	target: "node24",
	// As Node runs the sources, whatever the settings of the type checker.
	tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
	mainFields: ["module", "main"],
	logLevel: "silent",
} satisfies BuildOptions;

/** Modules that are loaded already when a bundle is. Their classes and their state must exist once. */
async function modulesOfCommandLine(): Promise<ReadonlySet<string>> {
	const { metafile } = await build({
		...COMMON,
		entryPoints: [path.join(CODEGEN, "cli.ts")],
		format: "esm",
		packages: "external",
		metafile: true as const,
		plugins: [staticImportsOnly],
	});
	return new Set(Object.keys(metafile.inputs).map((file) => path.join(CODEGEN, file)));
}

const staticImportsOnly: Plugin = {
	name: "static imports only",
	setup({ onResolve }) {
		onResolve({ filter: /.*/ }, ({ kind, path: target }) => (kind === "dynamic-import" ? { path: target, external: true } : undefined));
	},
};

function sharedModules(shared: ReadonlySet<string>): Plugin {
	return {
		name: "shared modules",
		setup({ onResolve }) {
			onResolve({ filter: /^\.\.?\// }, ({ resolveDir, path: target }) => {
				const file = path.resolve(resolveDir, target);
				return shared.has(file) ? { path: file, external: true } : undefined;
			});
		},
	};
}

/** Modules find files beside them: each keeps the place of its source. */
const placesOfModules: Plugin = {
	name: "places of modules",
	setup({ onLoad }) {
		onLoad({ filter: /[\\/]codegen[\\/].*\.ts$/ }, ({ path: file }) => ({
			loader: "ts",
			contents: readFileSync(file, "utf8")
				.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(file)))
				.replaceAll("import.meta.dirname", JSON.stringify(path.dirname(file))),
		}));
	},
};

/** A new version of a package inside makes a new bundle. All other packages stay outside. */
const packages: Plugin = {
	name: "packages",
	setup({ onResolve }) {
		onResolve({ filter: /^[^./]/ }, ({ kind, path: target }) => {
			const isInside = BUNDLED_PACKAGES.some((name) => target === name || target.startsWith(`${name}/`));
			return kind === "entry-point" || isInside ? undefined : { path: target, external: true };
		});
	},
};
