import { parse } from "node:path";
import process from "node:process";
import { GuestProfiler } from "../abi/debug/guest-profiler.ts";
import { cachedBuild, isGuestSource } from "../build/cached-build.ts";
import type { Isolation } from "../config/settings.ts";
import { createHost } from "../host/create-host.ts";
import type { Host } from "../host/host.ts";
import { findConfig } from "./config-path.ts";
import { EXIT } from "./exit-codes.ts";
import { reloadOnHangup } from "./hangup.ts";
import { interruptSignal } from "./interrupt.ts";
import { authorLevels, includesInfo, type LogCommand } from "./log-options.ts";
import { writeProfile } from "./profile-file.ts";
import { readInput } from "./read-input.ts";
import { type Phase, reportError } from "./report-error.ts";
import { createRunEvents, type RunEventsCommand } from "./run-events.ts";
import { createPrinter } from "./run-printer/create-printer.ts";
import { StandardOutput } from "./run-printer/standard-output.ts";
import { openUser, type RunUser, type UserCommand } from "./run-user.ts";
import { printToStderr } from "./terminal.ts";

/** Options of `spear run`. */
export interface RunCommand extends UserCommand, LogCommand, RunEventsCommand {
	readonly config?: string;
	/** Input of the guest. `-` reads standard input. The default is an empty text. */
	readonly input?: string;
	/** Place where the guest runs. The default is that of the configuration. */
	readonly isolation?: Isolation;
	/** File for a CPU profile of the guest. Written also if the run fails. */
	readonly profile?: string;
	/** Longest run, in milliseconds. The default is that of the configuration. */
	readonly timeout?: number;
	/** CPU time of the guest, in milliseconds. The default is that of the configuration. */
	readonly cpu?: number;
	/** Reloads the configuration when its file changes, and at SIGHUP. */
	readonly watch?: boolean;
}

/** Runs `spear run`: runs one guest once, and builds it before if it is a source. Returns the exit code. */
export async function run(source: string, command: RunCommand): Promise<number> {
	const interrupt = interruptSignal(() => printToStderr("spear: stopping; press Ctrl-C again to end at once\n"));
	const isJson = command.json === true || command.streamJson === true;
	const events = createRunEvents(command);
	const standardOutput = new StandardOutput();
	let printer = createPrinter(command, true);
	let phase: Phase = "setup";
	let host: Host | undefined;
	let user: RunUser | undefined;
	let stopReloading = (): void => {};
	const profiler = command.profile === undefined ? undefined : new GuestProfiler();
	try {
		const config = findConfig(command.config);
		host = await createHost({
			...(config === undefined ? {} : { config, watch: command.watch ?? false }),
			log: authorLevels(command, command.transcript === true),
		});
		if (command.watch) stopReloading = reloadOnHangup(host);
		const agent = await host.load(isGuestSource(source) ? await built(source, command, interrupt.signal) : source, {
			title: parse(source).name,
			signal: interrupt.signal,
			...(command.isolation === undefined ? {} : { isolation: command.isolation }),
		});
		const input = command.input === "-" ? await readInput(interrupt.signal) : (command.input ?? "");
		user = await openUser(command, interrupt.signal);
		printer = createPrinter(command, agent.abi !== "core");
		const { isStreaming } = user;
		phase = "run";
		const talk = user.talk();
		talk.catch(() => {});
		const running = agent.run(input, {
			signal: interrupt.signal,
			onEvent: events.onEvent,
			...user.options,
			...(command.timeout === undefined ? {} : { timeoutMs: command.timeout }),
			...(command.cpu === undefined ? {} : { cpuMs: command.cpu }),
			...(profiler === undefined ? {} : { profiler }),
		});
		// Standard output belongs to the streams of the guest.
		if (!isStreaming)
			for await (const output of running) if (!(await standardOutput.write(printer.emitted(output), interrupt.signal))) break;
		if (!standardOutput.hasReader) return EXIT.ok;
		const answer = await running;
		await talk;
		process.stdout.write(printer.answered(answer, events.members()));
		return EXIT.ok;
	} catch (thrown) {
		const isStderrShown = command.transcript === true || (host !== undefined && includesInfo(host.guestLogLevel));
		const report = reportError(thrown, phase, isStderrShown);
		process.stdout.write(printer.failed(report.json, events.members()));
		if (!isJson) printToStderr(`spear: ${report.text}\n`);
		return report.exitCode;
	} finally {
		standardOutput[Symbol.dispose]();
		stopReloading();
		await user?.close();
		await host?.close();
		if (profiler !== undefined && command.profile !== undefined && phase === "run") await saveProfile(command.profile, profiler);
		interrupt.dispose();
	}
}

/** Returns the component of a source. Says so while it is built, which takes seconds. */
async function built(entry: string, { quiet }: LogCommand, signal: AbortSignal): Promise<Uint8Array> {
	const onBuild = (): void => printToStderr(`spear: building ${entry} …\n`);
	const { component, warnings } = await cachedBuild({ entry, signal, ...(quiet ? {} : { onBuild }) });
	for (const warning of warnings) printToStderr(`${warning}\n`);
	return component;
}

/** Writes the profile. A failure is reported, and does not change the outcome of the run. */
async function saveProfile(path: string, profiler: GuestProfiler): Promise<void> {
	const profile = profiler.toCpuProfile();
	try {
		await writeProfile(path, profile);
		if (profile.samples.length === 0) printToStderr(`spear: ${path} has no samples: the guest computed too briefly, or is not metered\n`);
	} catch (thrown) {
		printToStderr(`spear: ${reportError(thrown, "setup").text}\n`);
	}
}
