/** `spear-codegen` for the package: with its templates and the packages that only it needs inside. A host installs none of them. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { jsoncParser } from "../../codegen/bundle/jsonc-parser.ts";
import { currentTemplates } from "../write-templates.ts";

/** Packages that an installation has anyway, and those that no target for any package needs. */
const EXTERNAL = ["commander", "fastest-levenshtein", "@bytecodealliance/*", "json-schema-to-typescript"];

/** An asset as the sources name it: the URL of a file beside them. */
const ASSET = /new URL\("(\.\/[\w.-]+\.(?:hbs|css|js))", import\.meta\.url\)/g;

/** Puts the texts of templates in the place of their URLs, as `data:` URLs. */
const assetsInside: Plugin = {
	name: "assets inside",
	setup({ onLoad }) {
		onLoad({ filter: /[\\/]codegen[\\/].*\.ts$/ }, ({ path }) => ({
			loader: "ts",
			contents: readFileSync(path, "utf8").replace(ASSET, (whole: string, name: string) => {
				const file = join(dirname(path), name);
				// A comment may name a file that is none.
				if (!existsSync(file)) return whole;
				const text = readFileSync(file, "utf8");
				return `new URL(${JSON.stringify(`data:,${encodeURIComponent(text)}`)})`;
			}),
		}));
	},
};

/** Templates of the targets for any package. */
const generalTemplates: Plugin = {
	name: "general templates",
	setup({ onLoad }) {
		onLoad({ filter: /[\\/]kit[\\/]templates\.js$/ }, () => ({ contents: currentTemplates("{docs/**,kit/checks,ir}/*.hbs") }));
	},
};

export async function bundleCodegen(): Promise<void> {
	await build({
		entryPoints: ["codegen/spear-codegen.ts"],
		outdir: "dist/codegen/bin",
		bundle: true,
		splitting: true,
		platform: "node",
		format: "esm",
		target: "node24",
		external: EXTERNAL,
		legalComments: "eof",
		minify: true,
		// The stack in a report of a crash has the names of functions.
		keepNames: true,
		// Handlebars asks for modules of Node by `require`.
		banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
		plugins: [assetsInside, generalTemplates, jsoncParser],
	});
}
