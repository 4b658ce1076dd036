import process from "node:process";
import { AdminError } from "../../admin-client/admin-error.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { printable } from "../../formats/printable.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptSignal } from "../interrupt.ts";
import { jsonLine } from "../json-line.ts";
import { printToStderr } from "../terminal.ts";
import { type Connection, type ConnectionOptions, connectionOf, printAdminFailure } from "./connection.ts";
import { type Overview, overviewOf, overviewText } from "./overview.ts";
import { pause } from "./pause.ts";
import { Screen } from "./screen.ts";

/** Default time between two pictures, in milliseconds. */
const INTERVAL_MS = 2_000;

/** Shortest time between two pictures, in milliseconds. */
const MIN_INTERVAL_MS = 250;

/** Options of `spear top`. */
export interface TopCommand extends ConnectionOptions {
	readonly once?: boolean;
	/** Time between two pictures, in milliseconds. */
	readonly interval?: number;
}

/** Runs `spear top`: shows the state of a running server, again and again. Returns the exit code. */
export async function top(command: TopCommand): Promise<number> {
	const interrupt = interruptSignal();
	let address = "";
	try {
		const { interval = INTERVAL_MS } = command;
		if (interval < MIN_INTERVAL_MS) throw new SpearError("invalid_request", `--interval: it must be at least ${MIN_INTERVAL_MS}ms`);
		const connection = await connectionOf(command);
		address = connection.url;
		if (command.once === true) {
			process.stdout.write(lineOf(await overviewOf(connection.admin, interrupt.signal), connection, command));
			return EXIT.ok;
		}
		if (command.json !== true && Screen.isPossible) return await showLive(connection, interval, interrupt.signal);
		await repeat(connection, interval, interrupt.signal, {
			show: (overview) => process.stdout.write(`${lineOf(overview, connection, command)}${command.json ? "" : "\n"}`),
			lost: (reason) => printToStderr(`spear: ${connection.url}: ${reason}; trying again\n`),
		});
		return EXIT.interrupted;
	} catch (thrown) {
		return printAdminFailure(thrown, address, command);
	} finally {
		interrupt.dispose();
	}
}

async function showLive(connection: Connection, interval: number, signal: AbortSignal): Promise<number> {
	const quit = new AbortController();
	let shown = "";
	using screen = new Screen((key) => {
		if (key === "q" || key === "Q" || key === "\x03") quit.abort();
	});
	const draw = (text: string): void => screen.draw(printable(text), "q: quit");
	await repeat(connection, interval, AbortSignal.any([signal, quit.signal]), {
		show(overview) {
			shown = overviewText(overview, connection.url);
			draw(shown);
		},
		lost: (reason) => draw(`${reason}; trying again\n\n${shown}`),
	});
	return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

interface Display {
	show(overview: Overview): void;
	/** Called once when the server is not reached any more. */
	lost(reason: string): void;
}

/**
 * Asks the server until the signal is aborted, also after it has restarted.
 *
 * @throws AdminError for a failure that another try does not mend.
 */
async function repeat({ admin }: Connection, interval: number, signal: AbortSignal, display: Display): Promise<void> {
	let isLost = false;
	while (!signal.aborted) {
		try {
			display.show(await overviewOf(admin, signal));
			isLost = false;
		} catch (thrown) {
			if (signal.aborted) return;
			if (!(thrown instanceof AdminError && thrown.retryable)) throw thrown;
			if (!isLost) display.lost(thrown.message);
			isLost = true;
		}
		await pause(interval, signal);
	}
}

function lineOf(overview: Overview, { url }: Connection, { json }: TopCommand): string {
	return json ? jsonLine(overview) : printable(overviewText(overview, url));
}
