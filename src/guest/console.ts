import { log } from "spear:ai/log@0.1.0";
import { wellFormed } from "./text.ts";

declare global {
	/** What this module gives; merges with the type of the same name where a library declares it. */
	interface Console {
		trace(...values: unknown[]): void;
		debug(...values: unknown[]): void;
		log(...values: unknown[]): void;
		info(...values: unknown[]): void;
		warn(...values: unknown[]): void;
		error(...values: unknown[]): void;
	}
	var console: Console;
}

/**
 * Importing this module gives the guest a `console` whose lines go to the host's logger, each with its level. QuickJS has no
 * console of its own; StarlingMonkey's, which writes to standard output, is replaced.
 */
const levels = { trace: "trace", debug: "debug", log: "info", info: "info", warn: "warn", error: "error" } as const;

const methods = Object.fromEntries(
	Object.entries(levels).map(([name, level]) => [name, (...values: unknown[]) => log(level, wellFormed(values.map(format).join(" ")), [])]),
);

Object.defineProperty(globalThis, "console", { value: methods, writable: true, configurable: true });

/** Text as it is, errors with their stack, everything else as JSON where it has one. */
function format(value: unknown): string {
	if (value instanceof Error)
		return value.stack ? `${value.name}: ${value.message}\n${value.stack}`.trimEnd() : `${value.name}: ${value.message}`;
	const shown = readable("", value);
	if (typeof shown === "string") return shown;
	try {
		return JSON.stringify(shown, readable) ?? String(shown);
	} catch {
		// It refers to itself.
		return Object.prototype.toString.call(shown);
	}
}

/** What JSON would drop or refuse. */
function readable(_key: string, value: unknown): unknown {
	if (typeof value === "bigint") return `${value}n`;
	if (value instanceof Map || value instanceof Set) return [...value];
	if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`;
	return value;
}
