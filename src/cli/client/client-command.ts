import type * as types from "../../../generated/ir/types.ts";
import type { HostClient } from "../../host/client.ts";
import { createHost } from "../../host/create-host.ts";
import type { Host } from "../../host/host.ts";
import { findConfig } from "../config-path.ts";
import { quietDefault } from "../host-options.ts";
import { interruptSignal } from "../interrupt.ts";
import type { LogCommand } from "../log-options.ts";
import { printNotOk } from "../print-failure.ts";
import { type Phase, reportError } from "../report-error.ts";
import { printToStderr } from "../terminal.ts";

/** Remedies for an answer of the stub. */
const INSTEAD_OF_STUB = "configure a backend, or install the models and packages that spear doctor names";

/** Options of every command that sends requests as a client of a host. */
export interface ClientCommand extends LogCommand {
	readonly config?: string;
	/** The only backend that may be used. */
	readonly backend?: string;
	readonly json?: boolean;
}

/** Parts of a running command. */
export interface ClientRun {
	readonly client: HostClient;
	/** Routing of the command's options, for each request. */
	readonly options: types.CallOptions;
	/** Aborted by Ctrl-C. */
	readonly signal: AbortSignal;
	/** Starts the part with requests. Later failures are those of a request, and exit with 1. */
	begin(): void;
	/** Returns the name of the backend that the last request went to. Absent before it was chosen. */
	backend(): string | undefined;
	/** Prints the differences between a request and its answer, and a notice if a stub made the answer up. */
	warn(downgrades: readonly types.Downgrade[] | undefined): void;
}

/**
 * Runs a command with a client of the configured host, and prints why it failed. Returns the exit code.
 *
 * @param onFailure Called before a failure is printed.
 */
export async function runClientCommand(
	command: ClientCommand,
	run: (run: ClientRun) => Promise<number>,
	onFailure: () => void = () => {},
): Promise<number> {
	const interrupt = interruptSignal();
	let phase: Phase = "setup";
	let host: Host | undefined;
	let chosen: string | undefined;
	try {
		const config = findConfig(command.config);
		const opened = await createHost(quietDefault(config, command));
		host = opened;
		const client = opened.client({
			onEvent(event) {
				if (event.type === "decision") chosen = event.chosen;
			},
		});
		return await run({
			client,
			options: routingOf(command),
			signal: interrupt.signal,
			begin() {
				phase = "request";
			},
			backend: () => chosen,
			warn(downgrades = []) {
				for (const { field, effect, detail } of downgrades) printToStderr(`spear: warning: ${field}: ${effect}, ${detail}\n`);
				const isStub = opened.backends().some(({ name, kind }) => name === chosen && kind === "stub");
				if (isStub) printToStderr(`spear: warning: ${chosen} has no model and made this up; ${INSTEAD_OF_STUB}\n`);
			},
		});
	} catch (thrown) {
		onFailure();
		return printNotOk(reportError(thrown, phase), command);
	} finally {
		await host?.close();
		interrupt.dispose();
	}
}

function routingOf({ backend }: ClientCommand): types.CallOptions {
	return backend === undefined ? {} : { routing: { backend, allowlist: [], denylist: [], preferred: [] } };
}
