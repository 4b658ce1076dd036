import process from "node:process";
import { abortError } from "../../errors/spear-error.ts";
import { printable } from "../../formats/printable.ts";
import type { SubmitOptions } from "../../host/runs/submit-options.ts";
import type { SubmittedRunHandle } from "../../host/runs/submitted-run-handle.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";
import { readInput } from "../read-input.ts";
import { reportError } from "../report-error.ts";
import { createPrinter } from "../run-printer/create-printer.ts";
import { StandardOutput } from "../run-printer/standard-output.ts";
import { printToStderr } from "../terminal.ts";
import { type QueueCommand, withHost } from "./with-host.ts";

/** Options of `spear submit`. */
export interface SubmitCommand extends QueueCommand {
	/** Input of the guest. `-` reads standard input. The default is an empty text. */
	readonly input?: string;
	/** Waits for the end, and prints as `spear run` does. */
	readonly wait?: boolean;
	readonly streamJson?: boolean;
	readonly priority?: number;
	/** In milliseconds, as the following. */
	readonly delay?: number;
	readonly deadline?: number;
	readonly timeout?: number;
	readonly attempts?: number;
	readonly idempotencyKey?: string;
	readonly retryGuestFailures?: boolean;
	readonly guest?: string;
}

/** Runs `spear submit`. Returns the exit code: with `--wait`, that of `spear run`. */
export function submit(agent: string, command: SubmitCommand): Promise<number> {
	return withHost("spear submit", command, async ({ host, signal }) => {
		const input = command.input === "-" ? await readInput(signal) : (command.input ?? "");
		const run = await host.submit(agent, input, optionsOf(command));
		if (command.wait || command.streamJson) return waitFor(run, command, signal);
		process.stdout.write(command.json ? jsonLine({ ok: true, id: run.id, is_new: run.isNew }) : `${printable(run.id)}\n`);
		return EXIT.ok;
	});
}

function optionsOf(command: SubmitCommand): SubmitOptions {
	const { priority, delay, deadline, timeout, attempts, idempotencyKey, retryGuestFailures, guest } = command;
	return {
		...(priority === undefined ? {} : { priority }),
		...(delay === undefined ? {} : { delayMs: delay }),
		...(deadline === undefined ? {} : { deadlineMs: deadline }),
		...(timeout === undefined ? {} : { timeoutMs: timeout }),
		...(attempts === undefined ? {} : { maxAttempts: attempts }),
		...(idempotencyKey === undefined ? {} : { idempotencyKey }),
		...(retryGuestFailures ? { retryGuestFailures } : {}),
		...(guest === undefined ? {} : { guest }),
	};
}

/** Prints a run until its end. Ctrl-C ends the wait, and not the run. */
async function waitFor(run: SubmittedRunHandle, command: SubmitCommand, signal: AbortSignal): Promise<number> {
	using standardOutput = new StandardOutput();
	let printer = createPrinter(command, true);
	const isText = command.json !== true && command.streamJson !== true;
	const more = { id: run.id };
	try {
		for await (const { event, attempt } of run.events({ signal })) {
			if (event.type === "text" || event.type === "event") {
				if (!(await standardOutput.write(printer.emitted(event), signal))) break;
			} else if (isText) {
				const text = event.type === "gap" ? "output before this is kept no longer" : `attempt ${attempt} begins: ${event.reason}`;
				process.stdout.write(printer.failed({}, {}));
				printToStderr(`spear: ${text}\n`);
				printer = createPrinter(command, true);
			} else if (command.streamJson) process.stdout.write(jsonLine({ ...event, attempt }));
			else printer = createPrinter(command, true);
		}
		if (!standardOutput.hasReader) return EXIT.ok;
		if (signal.aborted) throw abortError(signal);
		process.stdout.write(printer.answered(await run.result({ signal }), more));
		return EXIT.ok;
	} catch (thrown) {
		const report = reportError(thrown, "run");
		process.stdout.write(printer.failed(report.json, more));
		if (isText) printToStderr(`spear: ${report.text}\n`);
		if (signal.aborted && isText) printToStderr(`spear: the run goes on; follow it with: spear runs events ${run.id} --follow\n`);
		return report.exitCode;
	}
}
