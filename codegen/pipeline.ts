/** A run of code generation, which loads what it takes to generate only if something has changed since the last clean run. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { LOCK_NAME } from "./breaking/lock-name.ts";
import type { StampInput } from "./cache/stamp.ts";
import { stampedRun } from "./cache/stamped-run.ts";
import { CodegenFailure } from "./failure.ts";
import { CORE_DIRECTORY } from "./model/core/core-directory.ts";
import type { CodegenOptions, CodegenResult } from "./run.ts";
import { posix, shown } from "./shown-path.ts";
import { statOf } from "./write/disk.ts";
import { recover } from "./write/write-tree.ts";

export async function runCodegen(options: CodegenOptions): Promise<CodegenResult> {
	const relativeTo = options.relativeTo ?? process.cwd();
	requireTree(options.outDir, shown(relativeTo, options.outDir));
	const locks = locksOf(options.witDir);
	const beside = locks.map((lock) => posix(path.relative(options.outDir, lock)));
	if (options.mode === "write") await recover(options.outDir, options.disk, options.lock, beside);
	const input: StampInput = {
		directories: [options.witDir],
		settings: settingsOf(options.configFile),
		outDir: options.outDir,
		locks,
		relativeTo,
	};
	return stampedRun(options.cache, input, () => load(options));
}

/** The hostcalls of core modules have a lock of their own, if there are any. */
function locksOf(witDir: string): string[] {
	const core = path.join(witDir, CORE_DIRECTORY);
	return [witDir, ...(statOf(core)?.isDirectory() === true ? [core] : [])].map((directory) => path.join(directory, LOCK_NAME));
}

/** A file that cannot be read is for the run to report. */
function settingsOf(configFile: string): string {
	try {
		return `${configFile}\n${readFileSync(configFile, "utf8")}`;
	} catch {
		return configFile;
	}
}

async function load(options: CodegenOptions): Promise<CodegenResult> {
	const { generate } =
		options.cache === undefined || options.bundle === undefined ? await import("./generate.ts") : { generate: await options.bundle.load() };
	return generate(options);
}

/** A linked or odd output directory could lead anywhere, so nothing is written through it. */
function requireTree(outDir: string, label: string): void {
	const there = statOf(outDir);
	if (there !== undefined && !there.isDirectory()) {
		throw new CodegenFailure(
			`${label} is ${there.isSymbolicLink() ? "a symbolic link" : "not a directory"}; --out takes a directory of codegen's own`,
			{ exitCode: 2 },
		);
	}
}
