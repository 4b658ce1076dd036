import { resolve } from "node:path";
import process from "node:process";
import { type BuildResult, buildGuest } from "../build/build-guest.ts";
import type { Engine } from "../build/componentize.ts";
import { EXIT } from "./exit-codes.ts";
import { interruptSignal } from "./interrupt.ts";
import { jsonLine } from "./json-line.ts";
import { printNotOk } from "./print-failure.ts";
import { reportError } from "./report-error.ts";
import { printToStderr } from "./terminal.ts";
import { sourceStates, sourcesChanged } from "./watch-sources.ts";

/** Options of `spear build`. */
export interface BuildCommand {
	readonly out?: string;
	readonly engine: Engine;
	readonly world: string;
	readonly sourceMap?: boolean;
	readonly minify?: boolean;
	readonly check?: boolean;
	/** Builds again whenever a source of the guest changes. */
	readonly watch?: boolean;
	readonly json?: boolean;
}

/** Progress of each step, shown on a terminal. */
const STEPS = { check: "checking", bundle: "bundling", componentize: "compiling", prepare: "preparing", write: "writing" } as const;

/** Runs `spear build`: builds one guest, with `--watch` until an interrupt. Returns the exit code. */
export async function build(entry: string, command: BuildCommand): Promise<number> {
	const interrupt = interruptSignal();
	try {
		let files: readonly string[] = [resolve(entry)];
		for (;;) {
			const before = await sourceStates(files);
			const built = await buildOnce(entry, command, interrupt.signal);
			if (!command.watch) return built.exitCode;
			// After a failure, the files of the last success are watched.
			files = built.files ?? files;
			if (!command.json && !interrupt.signal.aborted) printToStderr(`spear: watching ${count(files.length)}; Ctrl-C ends\n`);
			if (!(await sourcesChanged(files, before, interrupt.signal))) return EXIT.interrupted;
		}
	} finally {
		interrupt.dispose();
	}
}

async function buildOnce(
	entry: string,
	command: BuildCommand,
	signal: AbortSignal,
): Promise<{ readonly exitCode: number; readonly files?: readonly string[] }> {
	const progress = process.stderr.isTTY && !command.json;
	try {
		const result = await buildGuest({
			entry,
			out: command.out ?? `${entry.replace(/\.[cm]?[jt]sx?$/, "")}.wasm`,
			engine: command.engine,
			world: command.world,
			sourceMap: command.sourceMap ?? true,
			minify: command.minify ?? false,
			check: command.check ?? false,
			signal,
			...(progress ? { onProgress: (step) => process.stderr.write(`\r\u001b[K${STEPS[step]} ${entry} …`) } : {}),
		});
		if (progress) process.stderr.write("\r\u001b[K");
		const { files, ...shown } = result;
		if (!command.json) for (const warning of result.warnings) printToStderr(`spear: ${warning}\n`);
		process.stdout.write(command.json ? jsonLine({ ok: true, ...shown }) : describe(result));
		return { exitCode: EXIT.ok, files };
	} catch (thrown) {
		if (progress) process.stderr.write("\r\u001b[K");
		return { exitCode: printNotOk(reportError(thrown, "setup"), command) };
	}
}

function count(files: number): string {
	return files === 1 ? "1 file" : `${files} files`;
}

function describe({ component, prepared, engine, world, bytes, ms }: BuildResult): string {
	const seconds = Object.values(ms).reduce((sum, time) => sum + time, 0) / 1000;
	return [
		`${component}  ${kilobytes(bytes.component)}, ${engine}, world ${world}`,
		`${prepared}  ${kilobytes(bytes.prepared)}, prepared for hosts without a toolchain`,
		`built in ${seconds.toFixed(1)} s`,
		"",
	].join("\n");
}

function kilobytes(bytes: number): string {
	return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
