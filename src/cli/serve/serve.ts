import process from "node:process";
import { InvalidArgumentError } from "commander";
import { printable } from "../../formats/printable.ts";
import { createHost } from "../../host/create-host.ts";
import type { Host } from "../../host/host.ts";
import type { Demo } from "../../serve/demo/start-demo.ts";
import { createServer, type SpearServer } from "../../serve/server.ts";
import { findConfig } from "../config-path.ts";
import { EXIT } from "../exit-codes.ts";
import { reloadOnHangup } from "../hangup.ts";
import { interruptSignal } from "../interrupt.ts";
import { jsonLine } from "../json-line.ts";
import { type LogCommand, logLevels } from "../log-options.ts";
import { printFailure } from "../print-failure.ts";
import { printToStderr } from "../terminal.ts";
import { welcome } from "./welcome.ts";

/** Options of `spear serve`. */
export interface ServeCommand extends LogCommand {
	readonly config?: string;
	readonly host?: string;
	readonly port?: number;
	/** Longest time that requests in progress have to end, in milliseconds. */
	readonly drain?: number;
	/** Reloads what has changed on disk. */
	readonly watch: boolean;
	readonly json?: boolean;
	/** Simulated backends and traffic in place of a configuration. */
	readonly demo?: boolean;
	/** Runs submitted runs too. */
	readonly worker?: boolean;
}

/**
 * Runs `spear serve` until the first Ctrl-C or SIGTERM, and then stops in order. Returns the exit code: 0 for a stop in which nothing was lost, 1 if
 * requests were cancelled, 2 for a configuration or an address that cannot be used.
 */
export async function serve(command: ServeCommand): Promise<number> {
	const interrupt = interruptSignal((name) =>
		printToStderr(`spear: ${name}: no new requests; those in progress end first. Press Ctrl-C again to end at once\n`),
	);
	let demo: Demo | undefined;
	let host: Host | undefined;
	let server: SpearServer | undefined;
	let stopReloading = (): void => {};
	try {
		demo = command.demo ? await startedDemo() : undefined;
		host = demo?.host ?? (await configuredHost(command));
		stopReloading = reloadOnHangup(host);
		server = createServer(host, {
			watch: command.watch,
			isDemo: demo !== undefined,
			...(command.worker === undefined ? {} : { worker: command.worker }),
		});
		const { host: address, port } = command;
		const at = await server.listen({ ...(address === undefined ? {} : { host: address }), ...(port === undefined ? {} : { port }) });
		const adminKey = demo?.adminKey;
		process.stdout.write(
			command.json
				? jsonLine({ ok: true, ...at, ...(adminKey === undefined ? {} : { adminKey }) })
				: printable(welcome(at, host.serving(), adminKey)),
		);
		await aborted(interrupt.signal);
		const cancelled = await server.close(command.drain === undefined ? {} : { drainMs: command.drain });
		if (cancelled === 0) return EXIT.ok;
		printToStderr(`spear: ${cancelled} requests were cancelled, because they did not end in time\n`);
		return EXIT.failed;
	} catch (thrown) {
		return printFailure(thrown, command);
	} finally {
		stopReloading();
		await server?.close({ drainMs: 0 });
		await (demo ?? host)?.close();
		interrupt.dispose();
	}
}

/** Loads the code of the demonstration only if it is asked for. */
async function startedDemo(): Promise<Demo> {
	const { startDemo } = await import("../../serve/demo/start-demo.ts");
	return startDemo();
}

function configuredHost(command: ServeCommand): Promise<Host> {
	const { config: path, watch } = command;
	const config = findConfig(path);
	return createHost({
		...(config === undefined ? {} : { config, watch }),
		logLevel: "info",
		telemetry: { metrics: true },
		...logLevels(command),
	});
}

/** Returns the number of a port, from 0 to 65,535. */
export function portNumber(text: string): number {
	const value = Number(text);
	if (/^\d{1,5}$/.test(text) && value <= 65_535) return value;
	throw new InvalidArgumentError("It must be a whole number from 0 to 65,535.");
}

function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
