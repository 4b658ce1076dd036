/** `npm run build`: compiles `src/` and `generated/` to `dist/`, and copies beside them what is not TypeScript. */
import "./require-node.ts";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import process from "node:process";
import { transformSync } from "esbuild";
import { bundleCodegen } from "./packaging/bundle-codegen.ts";
import { bundlePackages } from "./packaging/bundle-packages.ts";
import { bundlePage, PAGE_PACKAGES } from "./packaging/bundle-page.ts";
import { bundlePlatform, PLATFORM_PACKAGES } from "./packaging/bundle-platform.ts";
import { declarationEntries, removeUnreachableDeclarations } from "./packaging/declarations.ts";

/** Files that are data or ready-made JavaScript: what the compiler does not carry over. */
const CARRIED = new Set([".js", ".json", ".wasm", ".wit"]);

/** The generator's record of its files in the repository, which no user has. */
const OMITTED = join("generated", "manifest.json");

function copyAssets(folder: string): void {
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name);
		if (entry.isFile() && path !== OMITTED && (CARRIED.has(extname(path)) || path.endsWith(".d.ts"))) cpSync(path, join("dist", path));
	}
}

/** The guest library speaks of `spear:ai/…`: each of its declarations says where those are declared, as seen from `dist/`. */
function referToTypings(folder: string): void {
	for (const name of readdirSync(folder).filter((file) => file.endsWith(".d.ts"))) {
		const text = readFileSync(join(folder, name), "utf8")
			.replace(/^\/\/\/ <reference path="[^"]*spear-ai\.d\.ts".*\n/gm, "")
			.replace(/(reference path=")[^"]*(?=platform\/)/g, "$1./");
		writeFileSync(join(folder, name), `/// <reference path="../../generated/guest/spear-ai.d.ts" />\n${text}`);
	}
}

/** Folders of generated code whose local names are shortened too: a validator or the lowering of a type is not debugged by its variables. */
const SHORTENED = [join("dist", "generated", "abi"), join("dist", "generated", "schema")];

/**
 * Leaves comments and white space out of the JavaScript. Declarations keep their comments. Names stay outside of `SHORTENED`, and lines are short, so that
 * a place in a stack can be found.
 */
function compact(folder: string): void {
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name);
		if (!entry.isFile() || extname(path) !== ".js") continue;
		const isShortened = SHORTENED.some((folder) => path.startsWith(folder + sep));
		const { code } = transformSync(readFileSync(path, "utf8"), {
			format: "esm",
			target: "node24",
			legalComments: "none",
			minifyWhitespace: true,
			minifyIdentifiers: isShortened,
			minifySyntax: isShortened,
			lineLimit: 120,
		});
		writeFileSync(path, code);
	}
}

/** Leaves white space out of the JSON, which programs alone read. */
function compactJson(folder: string): void {
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name);
		if (entry.isFile() && extname(path) === ".json") writeFileSync(path, JSON.stringify(JSON.parse(readFileSync(path, "utf8"))));
	}
}

rmSync("dist", { recursive: true, force: true });
const tsc = spawnSync("tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });
if (tsc.error !== undefined) console.error(`tsc could not be started: ${tsc.error.message}; run this through npm`);
if (tsc.status !== 0) process.exit(tsc.status ?? 1);
copyAssets("generated");
compact("dist");
compactJson("dist");
for (const name of ["console-global.d.ts", "globals.d.ts"]) cpSync(join("src/guest/platform", name), join("dist/src/guest/platform", name));
referToTypings("dist/src/guest");
const { exports }: { exports: unknown } = JSON.parse(readFileSync("package.json", "utf8"));
removeUnreachableDeclarations("dist", declarationEntries(exports));
await bundleCodegen();
await bundlePlatform();
await bundlePackages([...PAGE_PACKAGES, ...PLATFORM_PACKAGES]);
await bundlePage();
cpSync("codegen/spear-codegen.schema.json", "dist/codegen/spear-codegen.schema.json");
chmodSync("dist/src/cli/main.js", 0o755);
chmodSync("dist/codegen/bin/spear-codegen.js", 0o755);
console.log("dist/ is built");
