import { SpearError } from "../errors/spear-error.ts";
import { exceedsMarks, jsonFault, parseJson } from "../formats/json.ts";
import { shorten } from "../formats/shorten.ts";

/** Output of a guest on its way to the reader of its run. The data of an event is JSON text, whose size a queue can count. */
export type Emitted =
	| { readonly type: "text"; readonly text: string }
	| { readonly type: "event"; readonly name: string; readonly data: string };

/** Output of a guest before its answer, as the reader of its run receives it. `data` is the value of the event's JSON text. */
export type RunOutput =
	| { readonly type: "text"; readonly text: string }
	| { readonly type: "event"; readonly name: string; readonly data: unknown };

/** Bounds of one output. */
export interface EmittedLimits {
	readonly maxHostcallBytes: number;
	readonly maxHostcallItems: number;
}

const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** Longest part of a wrong name in a message, in characters. */
const MAX_SHOWN = 64;

/**
 * Checks the output of a guest.
 *
 * @throws SpearError `invalid_request` for output that no guest may emit.
 */
export function checkEmitted(output: Emitted, limits: EmittedLimits): void {
	const text = output.type === "text" ? output.text : output.data;
	// Engines that bound the arguments of a hostcall have refused the call already.
	if (text.length > limits.maxHostcallBytes)
		throw invalid(
			`${output.type === "text" ? "text" : "data"}: it has more than ${limits.maxHostcallBytes} bytes (max_hostcall_bytes); emit it in parts`,
		);
	if (output.type === "event") checkEvent(output, limits);
}

/** Returns output that was checked as its reader receives it. */
export function toRunOutput(output: Emitted): RunOutput {
	return output.type === "text" ? output : { type: "event", name: output.name, data: parseJson(output.data) };
}

/**
 * Checks an event of a guest.
 *
 * @throws SpearError `invalid_request` for a wrong name, and for data that is not JSON, is nested too deeply, or has too many values. A value takes
 * many times the memory of its text.
 */
function checkEvent({ name, data }: Extract<Emitted, { readonly type: "event" }>, { maxHostcallItems }: EmittedLimits): void {
	if (!NAME.test(name))
		throw invalid(`name: it must have 1 to 64 letters, digits, "_", "." and "-", and is ${JSON.stringify(shorten(name, MAX_SHOWN))}`);
	if (exceedsMarks(data, maxHostcallItems))
		throw invalid(`data: it has more than ${maxHostcallItems} values (max_hostcall_items); emit several events`);
	try {
		parseJson(data);
	} catch (thrown) {
		throw invalid(`data: ${jsonFault(thrown)}; pass a value as JSON text`);
	}
}

function invalid(message: string): SpearError {
	return new SpearError("invalid_request", message);
}
