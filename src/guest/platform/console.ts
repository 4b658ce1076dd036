/**
 * The console of guests. The lines go to the host's log with their level. QuickJS has no console, and that of StarlingMonkey writes to standard output.
 *
 * @see https://console.spec.whatwg.org/
 */
import { log } from "spear:ai/log@0.1.0";
import { wellFormed } from "../text.ts";
import { format } from "./format.ts";
import { inspect } from "./inspect.ts";
import { table } from "./table.ts";

type Level = "trace" | "debug" | "info" | "warn" | "error";

const INDENT = "  ";
let indent = "";
const counts = new Map<string, number>();
const starts = new Map<string, number>();

function write(level: Level, values: readonly unknown[]): void {
	const text = format(values);
	log(level, wellFormed(indent === "" ? text : text.replace(/^/gm, indent)), []);
}

function elapsed(label: string, start: number): string {
	return `${label}: ${Date.now() - start} ms`;
}

export const console = {
	log: (...values: unknown[]): void => write("info", values),
	info: (...values: unknown[]): void => write("info", values),
	debug: (...values: unknown[]): void => write("debug", values),
	warn: (...values: unknown[]): void => write("warn", values),
	error: (...values: unknown[]): void => write("error", values),
	/** Writes the values and the place of the call, at the level `trace`. */
	trace: (...values: unknown[]): void => {
		const frames = (new Error().stack ?? "").trimEnd().split("\n").slice(1);
		write(
			"trace",
			[[`Trace${values.length === 0 ? "" : `: ${format(values)}`}`, ...frames].join("\n").replaceAll("%", "%%"), ""].slice(0, 1),
		);
	},
	/** Writes an error if the condition is false. */
	assert: (condition?: unknown, ...values: unknown[]): void => {
		if (condition) return;
		const [first, ...rest] = values;
		if (typeof first === "string") write("error", [`Assertion failed: ${first}`, ...rest]);
		else write("error", [`Assertion failed${values.length === 0 ? "" : ":"}`, ...values]);
	},
	dir: (value?: unknown, options?: { readonly depth?: number | null }): void =>
		write("info", ["%s", inspect(value, options?.depth === null ? Number.POSITIVE_INFINITY : options?.depth)]),
	dirxml: (...values: unknown[]): void => write("info", values),
	table: (data?: unknown, columns?: readonly string[]): void => {
		const text = table(data, columns);
		write("info", text === undefined ? [data] : ["%s", text]);
	},
	group: (...values: unknown[]): void => {
		if (values.length > 0) write("info", values);
		indent += INDENT;
	},
	groupCollapsed: (...values: unknown[]): void => console.group(...values),
	groupEnd: (): void => {
		indent = indent.slice(INDENT.length);
	},
	count: (label = "default"): void => {
		const count = (counts.get(`${label}`) ?? 0) + 1;
		counts.set(`${label}`, count);
		write("info", ["%s", `${label}: ${count}`]);
	},
	countReset: (label = "default"): void => {
		if (!counts.delete(`${label}`)) write("warn", ["%s", `the count ${label} does not exist`]);
	},
	time: (label = "default"): void => {
		if (starts.has(`${label}`)) write("warn", ["%s", `the timer ${label} runs already`]);
		else starts.set(`${label}`, Date.now());
	},
	timeLog: (label = "default", ...values: unknown[]): void => {
		const start = starts.get(`${label}`);
		if (start === undefined) write("warn", ["%s", `the timer ${label} does not exist`]);
		else write("info", ["%s", elapsed(`${label}`, start), ...values]);
	},
	timeEnd: (label = "default"): void => {
		console.timeLog(label);
		starts.delete(`${label}`);
	},
	clear: (): void => {},
};
