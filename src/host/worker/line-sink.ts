import { createLogBudget } from "../../hostcall/log-budget.ts";
import type { RateBudget } from "../../hostcall/rate-budget.ts";
import { type Line, MAX_FAULT_LINES_PER_S } from "../../worker/protocol.ts";
import type { GuestServices } from "../guest-services.ts";
import { require } from "./violation.ts";

/**
 * Factor between the budget of a guest's lines and what is written a second. The worker applies the budget itself, but lines of several
 * seconds arrive together after the host was busy.
 */
const TOLERANCE = 4;

/** Seconds whose lines may arrive in advance: windows of the worker's budget begin at other times than those of this one. */
const ADVANCE_S = 2;

/** Writes the lines of one guest in a worker. Applies a budget of its own, because the budget in the worker is in the guest's reach. */
export class LineSink {
	readonly #services: GuestServices;
	readonly #budget: RateBudget;
	readonly #startedAt: number;
	#received = 0;

	constructor(services: GuestServices) {
		const { limits, clock, signal, writeLog } = services;
		this.#services = services;
		this.#startedAt = clock.now();
		const tolerated = {
			...limits,
			maxLogLinesPerS: TOLERANCE * limits.maxLogLinesPerS,
			maxLogBytesPerS: TOLERANCE * limits.maxLogBytesPerS,
		};
		this.#budget = createLogBudget({ limits: tolerated, clock, signal, writeLog });
	}

	/** Writes a line. @throws Violation for a worker that does not keep to its budget. */
	write(line: Line): void {
		const { limits, clock, writeLog, writeOutput, faults } = this.#services;
		this.#received += 1;
		const seconds = (clock.now() - this.#startedAt) / 1_000 + ADVANCE_S;
		const most = 2 * seconds * (limits.maxLogLinesPerS + MAX_FAULT_LINES_PER_S);
		require(this.#received <= most, "a worker sends more lines than its budget allows");
		switch (line.kind) {
			case "log": {
				const { level, message } = line;
				const fields = fitting(line.fields, limits.maxLogBytes);
				if (this.#budget.admit(Math.min(message.length, limits.maxLogBytes))) writeLog(level, message, fields);
				break;
			}
			case "output":
				if (this.#budget.admit(Buffer.byteLength(line.text))) writeOutput(line.stream, line.text, line.isCut);
				break;
			case "fault": {
				const { level, hostcall, detail, message } = line;
				faults[level]({ hostcall, ...(detail === undefined ? {} : { err: detail }) }, message);
			}
		}
	}
}

/** Returns the fields that fit. A worker in order sends no others, but for the count of those that it has left out. */
function fitting<T extends { readonly key: string; readonly value: string }>(fields: readonly T[], bytes: number): T[] {
	let room = bytes + 64;
	return fields.filter(({ key, value }) => {
		room -= key.length + value.length;
		return room >= 0;
	});
}
