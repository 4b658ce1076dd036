import process from "node:process";
import { SpearError } from "../../errors/spear-error.ts";
import { createHost } from "../../host/create-host.ts";
import type { Host } from "../../host/host.ts";
import { findConfig } from "../config-path.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptSignal } from "../interrupt.ts";
import { jsonLine } from "../json-line.ts";
import { type LogCommand, logLevels } from "../log-options.ts";
import { printNotOk } from "../print-failure.ts";
import { type Phase, reportError } from "../report-error.ts";
import { printToStderr } from "../terminal.ts";

/** Options of every command of the queue. */
export interface QueueCommand extends LogCommand {
	readonly config?: string;
	readonly json?: boolean;
}

/** A host that a command uses, and the signal of Ctrl-C. */
export interface Opened {
	readonly host: Host;
	readonly signal: AbortSignal;
}

/**
 * Opens a host with a shared store, calls `act`, and closes the host. Returns the exit code.
 *
 * @param name The command, for messages.
 */
export async function withHost(name: string, command: QueueCommand, act: (opened: Opened) => Promise<number>): Promise<number> {
	const interrupt = interruptSignal();
	let host: Host | undefined;
	let phase: Phase = "setup";
	try {
		const config = findConfig(command.config);
		host = await createHost({
			...(config === undefined ? { config: { host: { log_level: "error" } } } : { config }),
			...logLevels(command),
		});
		checkShared(name, host);
		phase = "request";
		return await act({ host, signal: interrupt.signal });
	} catch (thrown) {
		return printNotOk(reportError(thrown, isUsage(thrown) ? "setup" : phase), command);
	} finally {
		await host?.close();
		interrupt.dispose();
	}
}

/** @throws SpearError `invalid_request` for a host whose queue ends with this process. */
export function checkShared(name: string, { runs }: Pick<Host, "runs">): void {
	if (runs.isShared) return;
	throw new SpearError(
		"invalid_request",
		`${name} needs a store that hosts share; add [cluster] with url and content to the configuration, or name it by --config. Without one, POST /agents/<name>/runs of \`spear serve\` queues runs in the server`,
	);
}

/** Returns true for faults of the configuration, which exit with 2. */
function isUsage(thrown: unknown): boolean {
	return thrown instanceof SpearError && thrown.code === "not_permitted" && thrown.message.includes("[cluster]");
}

/** Prints that a run is unknown. Returns the exit code. */
export function printUnknown(id: string, { json }: QueueCommand): number {
	const message = `there is no run ${id}; runs are kept for a while after their end only`;
	if (json) process.stdout.write(jsonLine({ ok: false, error: { code: "not_found", message } }));
	else printToStderr(`spear: ${message}\n`);
	return EXIT.failed;
}
