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
function milliseconds(text: string): number {
	const value = Number(text);
	if (/^\d{1,9}$/.test(text) && value > 0) return value;
	throw new InvalidArgumentError("It must be a whole number of milliseconds, from 1 to 999,999,999.");
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
