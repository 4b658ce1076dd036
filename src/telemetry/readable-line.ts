import { styleText } from "node:util";
import { printable } from "../formats/printable.ts";

/** Names and colours of the levels, by pino's numbers. */
const LEVELS: Readonly<Record<number, readonly [name: string, colour: Parameters<typeof styleText>[0]]>> = {
	10: ["TRACE", "gray"],
	20: ["DEBUG", "gray"],
	30: ["INFO ", "green"],
	40: ["WARN ", "yellow"],
	50: ["ERROR", "red"],
	60: ["FATAL", "red"],
};

/** Length of the longest text of one field, in characters. JSON has all of it. */
const MAX_FIELD = 300;

/** Characters of a run's id that tell the runs of a screen apart. JSON has all of it. */
const RUN_ID_LENGTH = 8;

/**
 * Returns a line of the log for a reader at a terminal: local time, level, message, and the fields as `name=value`. Stacks follow in lines of their own.
 * The name of the guest and its run stand before the message of a guest.
 *
 * @param json The line in JSON, as the log writes it.
 * @param colours True to colour the level, and to dim the fields.
 */
export function readableLine(json: string, colours: boolean): string {
	const { level, time, msg, err, ...others }: Record<string, unknown> = JSON.parse(json);
	const { speaker, fields } = speakerOf(others);
	const style = (format: Parameters<typeof styleText>[0], text: string): string =>
		colours && text !== "" ? styleText(format, text, { validateStream: false }) : text;
	const [name, colour] = LEVELS[Number(level)] ?? [String(level), "white"];
	const rest = Object.entries(fields).map(([key, value]) => `${printable(key)}=${fieldText(value)}`);
	const first = [
		clockTime(Number(time)),
		style(colour, name),
		style("cyan", speaker),
		printable(String(msg ?? "")),
		style("dim", rest.join(" ")),
	];
	return `${first.filter((part) => part !== "").join(" ")}\n${stackLines(err)}`;
}

/** Returns the guest and the run of a guest's line, and the other fields, those that the guest gave included. */
function speakerOf(all: Readonly<Record<string, unknown>>): {
	readonly speaker: string;
	readonly fields: Readonly<Record<string, unknown>>;
} {
	const { guest, run_id, request_id, fields, ...rest } = all;
	if (typeof guest !== "string" || typeof run_id !== "string") return { speaker: "", fields: all };
	return {
		speaker: printable(`${guest} ${run_id.slice(0, RUN_ID_LENGTH)}`),
		fields: {
			...(typeof fields === "object" ? fields : {}),
			...rest,
			...(request_id === undefined || request_id === run_id ? {} : { request_id }),
		},
	};
}

function clockTime(time: number): string {
	const at = new Date(time);
	const two = (value: number): string => String(value).padStart(2, "0");
	return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

/** Returns a value in one line. A text without blanks stands without quotes. */
function fieldText(value: unknown): string {
	const isPlain = typeof value === "string" && /^[^\s"=]+$/.test(value);
	const text = printable(isPlain ? value : JSON.stringify(value));
	return text.length > MAX_FIELD ? `${text.slice(0, MAX_FIELD)}…` : text;
}

/** Returns the stack of a logged error and those of its causes, indented. */
function stackLines(err: unknown): string {
	const lines: string[] = [];
	for (let at = err; typeof at === "object" && at !== null; at = "cause" in at ? at.cause : undefined) {
		if (!("stack" in at) || typeof at.stack !== "string") break;
		const stack = lines.length === 0 ? at.stack : `caused by ${at.stack}`;
		lines.push(...stack.split("\n").map((line) => `    ${printable(line)}\n`));
	}
	return lines.join("");
}
