import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { SpearError } from "../errors/spear-error.ts";
import { isFile } from "../paths/is-file.ts";
import { ENTRY_POINTS } from "./guest-library.ts";
import { projectRoot } from "./project-root.ts";

/** Parts of the library of types whose values guests have. The globals of the platform are in `globals.d.ts`. */
const LIB = ["es2024", "esnext.disposable", "esnext.float16", "esnext.iterator", "esnext.collection"];

/** Largest output of the compiler that is read, in bytes, and most lines of it that are shown. */
const MAX_OUTPUT = 8 * 1024 * 1024;
const MAX_LINES = 40;

const FROM_SOURCES = import.meta.url.endsWith(".ts");
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Checks the types of a guest with the TypeScript of its project. The guest has the types of hostcalls, of the guest library and of the platform's
 * globals, and neither those of browsers nor those of Node. Applies the options of the project's `tsconfig.json`, except these libraries. A project without one
 * is checked strictly.
 *
 * @throws SpearError `invalid_request` with the place of each fault, or for a project without TypeScript.
 */
export async function checkTypes(entry: string, signal?: AbortSignal): Promise<void> {
	const root = await projectRoot(entry);
	const typescript = await findTypeScript(root);
	const folder = join(typescript.modules, ".cache", "spear-hostcall");
	const config = join(folder, `check-${randomUUID()}.json`);
	await mkdir(folder, { recursive: true });
	try {
		await writeFile(config, JSON.stringify(await compilerConfig(entry, root)));
		const output = await compile(typescript.compiler, config, root, signal);
		if (output !== "") throw new SpearError("invalid_request", `${output}\n(types of the guest, by TypeScript ${typescript.version})`);
	} finally {
		await rm(config, { force: true });
	}
}

interface TypeScript {
	readonly compiler: string;
	readonly version: string;
	/** The folder `node_modules` with the package. */
	readonly modules: string;
}

async function findTypeScript(root: string): Promise<TypeScript> {
	for (const path of createRequire(join(root, "package.json")).resolve.paths("typescript") ?? []) {
		const text = await readFile(join(path, "typescript", "package.json"), "utf8").catch(() => undefined);
		if (text === undefined) continue;
		const { version }: { version: string } = JSON.parse(text);
		return { compiler: join(path, "typescript", "bin", "tsc"), version, modules: path };
	}
	throw new SpearError(
		"invalid_request",
		`--check needs the package typescript, which ${root} does not have. Install it: npm install --save-dev typescript. Or build without --check.`,
	);
}

async function compilerConfig(entry: string, root: string): Promise<object> {
	const own = join(root, "tsconfig.json");
	const hasOwn = await isFile(own);
	const folders = createRequire(join(root, "package.json")).resolve.paths("spear-hostcall") ?? [];
	const isInstalled = (await Promise.all(folders.map((folder) => isFile(join(folder, "spear-hostcall", "package.json"))))).includes(true);
	return {
		...(hasOwn ? { extends: own } : {}),
		compilerOptions: {
			...(hasOwn ? {} : { strict: true, module: "esnext", moduleResolution: "bundler", target: "es2023", resolveJsonModule: true }),
			...(isInstalled ? {} : { paths: LIBRARY_PATHS }),
			lib: LIB,
			types: [],
			noEmit: true,
			composite: false,
			incremental: false,
			declaration: false,
			allowImportingTsExtensions: true,
			allowJs: true,
			skipLibCheck: true,
		},
		files: [entry, at("../guest/platform/globals.d.ts"), at("../../generated/guest/spear-ai.d.ts")],
		include: [],
	};
}

const declarations = (name: string): string => at(`../guest/${name}.${FROM_SOURCES ? "ts" : "d.ts"}`);

/** Declarations of the guest library of this release. */
const LIBRARY_PATHS = Object.fromEntries(
	Object.entries(ENTRY_POINTS).map(([suffix, name]) => [`spear-hostcall/guest${suffix}`, [declarations(name)]]),
);

/** Returns the faults that the compiler reports, one a line, with the place first. Empty if there are none. */
function compile(compiler: string, config: string, root: string, signal: AbortSignal | undefined): Promise<string> {
	return new Promise((resolve, reject) => {
		const options = { cwd: root, maxBuffer: MAX_OUTPUT, ...(signal === undefined ? {} : { signal }) };
		execFile(process.execPath, [compiler, "-p", config, "--pretty", "false"], options, (failure, stdout, stderr) => {
			const lines = readable(stdout);
			if (failure === null || lines.length > 0) resolve(shortened(lines));
			else if (signal?.aborted) reject(new SpearError("cancelled", `checking the types of ${root} was aborted`));
			else reject(new SpearError("invalid_request", `the TypeScript compiler failed: ${stderr.trim() || failure.message}`));
		});
	});
}

/** Faults as the compiler prints them: `src/a.ts(3,5): error TS2322: …`. Further lines of a fault are indented. */
function readable(stdout: string): string[] {
	return stdout
		.split("\n")
		.map((line) => line.trimEnd())
		.filter((line) => line !== "")
		.map((line) => {
			const place = /\((\d+),(\d+)\): error (TS\d+): /.exec(line);
			if (place === null) return line;
			const [whole, row, column, code] = place;
			return `${line.slice(0, place.index)}:${row}:${column}: ${line.slice(place.index + whole.length)} (${code})`;
		});
}

function shortened(lines: readonly string[]): string {
	const more = lines.length - MAX_LINES;
	return more > 0 ? [...lines.slice(0, MAX_LINES), `… and ${more} more lines`].join("\n") : lines.join("\n");
}
