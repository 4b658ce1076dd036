import { once } from "node:events";
import { parse, resolve } from "node:path";
import process from "node:process";
import { type DevGuest, devGuest } from "../../build/dev/dev-guest.ts";
import { isBuildFailure } from "../../build/esbuild.ts";
import { projectRoot } from "../../build/project-root.ts";
import { abortError, SpearError } from "../../errors/spear-error.ts";
import { createHost } from "../../host/create-host.ts";
import type { Host } from "../../host/host.ts";
import { findConfig } from "../config-path.ts";
import { EXIT } from "../exit-codes.ts";
import { reloadOnHangup } from "../hangup.ts";
import { interruptSignal } from "../interrupt.ts";
import { authorLevels, type LogCommand } from "../log-options.ts";
import { readInput } from "../read-input.ts";
import { type Phase, reportError } from "../report-error.ts";
import { createRunEvents } from "../run-events.ts";
import { StandardOutput } from "../run-printer/standard-output.ts";
import { TextPrinter } from "../run-printer/text-printer.ts";
import { printToStderr } from "../terminal.ts";
import { SourceWatcher } from "./source-watcher.ts";

/** Options of `spear dev`. */
export interface DevCommand extends LogCommand {
	readonly config?: string;
	/** Input of the guest. `-` reads standard input once. The default is an empty text. */
	readonly input?: string;
	readonly world: string;
	readonly explain?: boolean;
	readonly transcript?: boolean;
	/** Longest run, in milliseconds. The default is that of the configuration. */
	readonly timeout?: number;
	/** Clears the screen before each run, if standard output is a terminal. */
	readonly clear: boolean;
}

/** Parts of a running command. */
interface Session {
	readonly entry: string;
	readonly command: DevCommand;
	readonly host: Host;
	readonly input: string;
	readonly standardOutput: StandardOutput;
}

/**
 * Runs `spear dev`: builds and runs a guest, and again after each change of its sources or of the configuration, until Ctrl-C. Returns the exit
 * code: 0 after Ctrl-C, 2 for a configuration or an option that cannot be used.
 */
export async function dev(entry: string, command: DevCommand): Promise<number> {
	const interrupt = interruptSignal();
	/** Aborted by the next change. */
	let changed = new AbortController();
	const restart = (): void => changed.abort(new SpearError("cancelled", "a source has changed"));
	using watcher = new SourceWatcher(restart, (folder, cause) =>
		printToStderr(
			`spear: ${folder} cannot be watched (${cause instanceof Error ? cause.message : cause}); start again after a change there\n`,
		),
	);
	using standardOutput = new StandardOutput();
	let host: Host | undefined;
	let stopReloading = (): void => {};
	try {
		const config = findConfig(command.config);
		host = await createHost({
			...(config === undefined ? {} : { config, watch: true }),
			log: authorLevels(command, command.transcript === true),
		});
		host.onReload(restart);
		stopReloading = reloadOnHangup(host);
		const input = command.input === "-" ? await readInput(interrupt.signal) : (command.input ?? "");
		const session: Session = { entry, command, host, input, standardOutput };
		let files: readonly string[] = [entry];
		while (!interrupt.signal.aborted) {
			changed = new AbortController();
			const signal = AbortSignal.any([changed.signal, interrupt.signal]);
			files = await rebuildAndRun(session, files, watcher, signal);
			if (!standardOutput.hasReader) return EXIT.ok;
			if (!signal.aborted) await once(signal, "abort");
		}
		return EXIT.ok;
	} catch (thrown) {
		const report = reportError(thrown, "setup");
		printToStderr(`spear: ${report.text}\n`);
		return interrupt.signal.aborted ? EXIT.ok : report.exitCode;
	} finally {
		stopReloading();
		await host?.close();
		interrupt.dispose();
	}
}

/** Builds and runs the guest once, and prints what fails. Returns the files to watch. */
async function rebuildAndRun(
	session: Session,
	known: readonly string[],
	watcher: SourceWatcher,
	signal: AbortSignal,
): Promise<readonly string[]> {
	const { entry, command } = session;
	const start = performance.now();
	clearScreen(command);
	// Changes from now on start again.
	watcher.use(known, true);
	let guest: DevGuest;
	try {
		guest = await devGuest({
			entry,
			world: command.world,
			onEngineBuild: () => printToStderr("spear: preparing the engine for development, once for this release …\n"),
		});
	} catch (thrown) {
		printToStderr(`spear: ${reportError(thrown, "setup").text}\n`);
		const faulty = [...new Set([...known, ...(await faultyFiles(thrown, entry))])];
		watcher.use(faulty, true);
		say(signal, "waiting for a change");
		return faulty;
	}
	const files = guest.files.filter((file) => !file.includes("node_modules"));
	watcher.use(files, false);
	for (const warning of guest.warnings) printToStderr(`${warning}\n`);
	const builtMs = performance.now() - start;
	await runOnce(session, guest, signal);
	if (!command.quiet)
		say(signal, `built in ${Math.round(builtMs)} ms, ran in ${Math.round(performance.now() - start - builtMs)} ms; waiting for a change`);
	return files;
}

/** Returns the files that the faults of a build name. */
async function faultyFiles(thrown: unknown, entry: string): Promise<string[]> {
	const cause = thrown instanceof Error ? thrown.cause : undefined;
	if (!isBuildFailure(cause)) return [];
	const root = await projectRoot(resolve(entry));
	return cause.errors.flatMap(({ location }) => (location === undefined || location === null ? [] : [resolve(root, location.file)]));
}

/** Runs the guest once, and prints its output, its answer or its failure. */
async function runOnce({ entry, command, host, input, standardOutput }: Session, guest: DevGuest, signal: AbortSignal): Promise<void> {
	const printer = new TextPrinter(true);
	const { onEvent } = createRunEvents(command);
	let phase: Phase = "setup";
	try {
		if (signal.aborted) throw abortError(signal);
		const agent = await host.load(guest.component, { signal, title: parse(entry).name });
		try {
			phase = "run";
			const running = agent.run(guest.framed(input), {
				signal,
				onEvent,
				...(command.timeout === undefined ? {} : { timeoutMs: command.timeout }),
			});
			for await (const output of running) if (!(await standardOutput.write(printer.emitted(output), signal))) break;
			process.stdout.write(printer.answered(await running));
		} finally {
			await agent.close();
		}
	} catch (thrown) {
		process.stdout.write(printer.failed());
		// A change ends a run that is in progress. That is no failure.
		if (!signal.aborted && standardOutput.hasReader) printToStderr(`spear: ${reportError(thrown, phase).text}\n`);
	}
}

function say(signal: AbortSignal, text: string): void {
	if (!signal.aborted) printToStderr(`spear: ${text}\n`);
}

/** Clears what is on the screen. The lines above it stay in the terminal's history. */
function clearScreen({ clear }: DevCommand): void {
	const { stdout } = process;
	if (!clear || !stdout.isTTY) return;
	stdout.write(`${"\n".repeat(Math.max(0, stdout.rows - 1))}\u001b[2J\u001b[H`);
}
