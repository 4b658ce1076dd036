/**
 * Installs a `console` whose lines go to the host's log with their level. QuickJS has no console. That of StarlingMonkey writes to
 * standard output, and is replaced.
 */
import { log } from "spear:ai/log@0.1.0";
import { wellFormed } from "./text.ts";

declare global {
	/** The methods that this module installs. Merges with the type of that name in other libraries. */
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

/** Level of the host's log by method. */
const levels = { trace: "trace", debug: "debug", log: "info", info: "info", warn: "warn", error: "error" } as const;

const methods = Object.fromEntries(
	Object.entries(levels).map(([name, level]) => [name, (...values: unknown[]) => log(level, wellFormed(values.map(format).join(" ")), [])]),
);

Object.defineProperty(globalThis, "console", { value: methods, writable: true, configurable: true });

/** Returns a value as text: text unchanged, an error with its stack, any other value as JSON if possible. */
function format(value: unknown): string {
	if (value instanceof Error)
		return value.stack ? `${value.name}: ${value.message}\n${value.stack}`.trimEnd() : `${value.name}: ${value.message}`;
	const shown = readable("", value);
	if (typeof shown === "string") return shown;
	try {
		return JSON.stringify(shown, readable) ?? String(shown);
	} catch {
		// A circular value has no JSON.
		return Object.prototype.toString.call(shown);
	}
}

/** Replaces values that JSON omits or refuses. */
function readable(_key: string, value: unknown): unknown {
	if (typeof value === "bigint") return `${value}n`;
	if (value instanceof Map || value instanceof Set) return [...value];
	if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`;
	return value;
}
