import { inspect } from "node:util";
import { shorten } from "../formats/shorten.ts";
import { RateBudget } from "../hostcall/rate-budget.ts";
import type { GuestScope } from "../hostcall/scope.ts";
import type { Logger } from "../telemetry/logger.ts";
import { systemClock } from "../time/clock.ts";
import { type FromWorker, type Line, MAX_FAULT_LINES_PER_S } from "./protocol.ts";

/** Longest description of an exception, in characters. */
const MAX_DETAIL = 4_000;

/** Sends log lines, output and faults to the host. The budget of the guest's lines applies before; faults have one here. */
export class Lines {
	readonly #post: (message: FromWorker) => void;
	readonly #faults: RateBudget;

	/** @param signal Aborted when the instance ends. */
	constructor(post: (message: FromWorker) => void, signal: AbortSignal) {
		this.#post = post;
		this.#faults = new RateBudget({
			maxItems: MAX_FAULT_LINES_PER_S,
			maxBytes: Number.POSITIVE_INFINITY,
			clock: systemClock,
			signal,
			onDropped: () => {},
		});
	}

	readonly writeLog: GuestScope["writeLog"] = (level, message, fields) => this.#send({ kind: "log", level, message, fields });

	output(stream: "stdout" | "stderr", text: string, isCut: boolean): void {
		this.#send({ kind: "output", stream, text, isCut });
	}

	/** Logger for faults. Members other than the hostcall and the exception stay here. */
	readonly faults: Logger = {
		trace: () => {},
		debug: (fields, message) => this.#fault("debug", fields, message),
		info: () => {},
		warn: (fields, message) => this.#fault("warn", fields, message),
		error: (fields, message) => this.#fault("error", fields, message),
	};

	#fault(level: "debug" | "warn" | "error", { hostcall, err }: Readonly<Record<string, unknown>>, message: string): void {
		if (!this.#faults.admit(0)) return;
		const detail = err === undefined ? {} : { detail: shorten(inspect(err), MAX_DETAIL) };
		this.#send({ kind: "fault", level, message: shorten(message, MAX_DETAIL), hostcall: String(hostcall ?? ""), ...detail });
	}

	#send(line: Line): void {
		this.#post({ type: "line", line });
	}
}
