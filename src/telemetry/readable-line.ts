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

/**
 * Returns a line of the log for a reader at a terminal: local time, level, message, and the fields as `name=value`. Stacks follow in lines of their own.
 *
 * @param json The line in JSON, as the log writes it.
 * @param colours True to colour the level, and to dim the fields.
 */
export function readableLine(json: string, colours: boolean): string {
	const { level, time, msg, err, ...fields }: Record<string, unknown> = JSON.parse(json);
	const style = (format: Parameters<typeof styleText>[0], text: string): string =>
		colours && text !== "" ? styleText(format, text, { validateStream: false }) : text;
	const [name, colour] = LEVELS[Number(level)] ?? [String(level), "white"];
	const rest = Object.entries(fields).map(([key, value]) => `${printable(key)}=${fieldText(value)}`);
	const first = [clockTime(Number(time)), style(colour, name), printable(String(msg ?? "")), style("dim", rest.join(" "))];
	return `${first.filter((part) => part !== "").join(" ")}\n${stackLines(err)}`;
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
