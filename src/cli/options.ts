/** Options that several commands have. */
import { InvalidArgumentError, Option } from "commander";

/** Description of `--config`. */
export const CONFIG =
	"Path of the host's configuration. The default is spear.toml in this directory, or an embedded configuration that needs no key.";
/** Description of `--json`. */
export const JSON_OUTPUT = "Print one JSON object.";
/** Description of `--model` of a request. */
export const MODEL = "The model. The default is the first model of the backend.";
/** Description of `--backend`. */
export const ONLY_BACKEND = "The only backend that may be used. The default is all.";

/** Called with the exit code when a command has run. */
export type Finish = (exitCode: number) => void;

/** Returns a number of milliseconds from 1 to 999,999,999. More would overflow timers. */
export function milliseconds(text: string): number {
	const value = Number(text);
	if (/^\d{1,9}$/.test(text) && value > 0) return value;
	throw new InvalidArgumentError("It must be a whole number of milliseconds, from 1 to 999,999,999.");
}

/** Returns the number of a stream, from 0 to 2,147,483,647. */
export function streamNumber(text: string): number {
	const value = Number(text);
	if (/^\d{1,10}$/.test(text) && value <= 0x7fff_ffff) return value;
	throw new InvalidArgumentError("It must be a whole number from 0 to 2,147,483,647.");
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Returns the milliseconds of a duration with a unit: `500ms`, `1.5s`, `5m`, `1h`. */
export function duration(text: string): number {
	const [, number, unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
	const ms = Math.round(Number(number) * (UNITS[unit] ?? Number.NaN));
	if (ms > 0 && ms <= 999_999_999) return ms;
	throw new InvalidArgumentError("It must be a number with a unit, such as 500ms, 30s or 5m, of at most 999,999,999 ms.");
}

/** Returns the names in a list with commas. */
export function names(text: string): readonly string[] {
	return text.split(",").map((name) => name.trim());
}

/** Returns the option `--timeout` of commands that ask backends. */
export function timeoutOption(): Option {
	return new Option("--timeout <ms>", "Longest time for each backend, in milliseconds.")
		.argParser(milliseconds)
		.default(undefined, "10,000");
}
