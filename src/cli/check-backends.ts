import process from "node:process";
import { printable } from "../formats/printable.ts";
import { createHost } from "../host/create-host.ts";
import type { Host } from "../host/host.ts";
import { findConfig } from "./config-path.ts";
import { describeChecks, describeModels } from "./describe-checks.ts";
import { EXIT } from "./exit-codes.ts";
import { interruptSignal } from "./interrupt.ts";
import { jsonLine } from "./json-line.ts";
import { type LogCommand, logLevels } from "./log-options.ts";
import { printFailure } from "./print-failure.ts";

/** Options of `spear backends --check` and `spear backends --models`. */
export interface CheckCommand extends LogCommand {
	readonly config?: string;
	readonly json?: boolean;
	/** Prints the models that each upstream lists. */
	readonly models?: boolean;
	/** Longest time for each backend, in milliseconds. */
	readonly timeout?: number;
}

/**
 * Runs `spear backends --check`: asks each backend with one cheap request if URL, key and models work. Returns the exit code: 1 if a check
 * failed.
 */
export async function checkBackends(command: CheckCommand): Promise<number> {
	const interrupt = interruptSignal();
	let host: Host | undefined;
	try {
		const config = findConfig(command.config);
		host = await createHost({ ...(config === undefined ? {} : { config }), ...logLevels(command) });
		const { timeout: timeoutMs } = command;
		const checks = await host.checkBackends({ signal: interrupt.signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
		const text = command.models ? describeModels(checks) : describeChecks(checks);
		process.stdout.write(command.json ? jsonLine({ config: config ?? null, checks }) : printable(text));
		return checks.some(({ status }) => status === "failed") ? EXIT.failed : EXIT.ok;
	} catch (thrown) {
		return printFailure(thrown, command);
	} finally {
		await host?.close();
		interrupt.dispose();
	}
}
