/** A run of code generation, which loads what it takes to generate only if something has changed since the last clean run. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { LOCK_NAME } from "./breaking/lock-name.ts";
import { readStamp, type Stamp, type StampInput, stampKey, writeStamp } from "./cache/stamp.ts";
import { CodegenFailure } from "./failure.ts";
import { type CodegenOptions, type CodegenResult, isClean, NOTHING_WRITTEN } from "./run.ts";
import { posix, shown } from "./shown-path.ts";
import { statOf } from "./write/disk.ts";
import { isInterrupted, recover } from "./write/write-tree.ts";

export async function runCodegen(options: CodegenOptions): Promise<CodegenResult> {
	const relativeTo = options.relativeTo ?? process.cwd();
	requireTree(options.outDir, shown(relativeTo, options.outDir));
	const lock = path.join(options.witDir, LOCK_NAME);
	if (options.mode === "write") await recover(options.outDir, options.disk, options.lock, [posix(path.relative(options.outDir, lock))]);
	const { cache } = options;
	if (cache === undefined) return load(options);
	const input: StampInput = {
		directories: [options.witDir],
		settings: settingsOf(options.configFile),
		outDir: options.outDir,
		lock,
		relativeTo,
	};
	const key = isInterrupted(options.outDir) ? undefined : stampKey(input);
	const stamp = key === undefined ? undefined : readStamp(cache, key, input);
	if (stamp !== undefined)
		return { diagnostics: stamp.diagnostics, sources: new Map(stamp.sources), files: stamp.files, drift: [], written: NOTHING_WRITTEN };
	const result = await load(options);
	// A file that has changed during the run may have been read before that or after.
	if (key !== undefined && isClean(result) && stampKey(input) === key) writeStamp(cache, key, input, stampOf(result));
	return result;
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
	const { generate } = await import("./generate.ts");
	return generate(options);
}

function stampOf({ diagnostics, sources, files }: CodegenResult): Stamp {
	const shownFiles = new Set(
		diagnostics.flatMap((each) => [each.span, ...(each.related ?? []).map(({ span }) => span)]).map(({ file }) => file),
	);
	return { diagnostics, sources: [...sources].filter(([file]) => shownFiles.has(file)), files };
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
