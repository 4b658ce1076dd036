import { log } from "spear:ai/log@0.1.0";
import type { RunError } from "spear:ai/types@0.1.0";
import { describe, HostcallError } from "./errors.ts";
import { wellFormed } from "./text.ts";

/**
 * Returns the value that `run` throws. The engines lower a thrown object as the error of the result.
 *
 * The stack of the error ends the message, and the host takes it off again. The host knows a failed hostcall from its operation. Any other
 * failure is logged too.
 */
export function report(thrown: unknown): RunError {
	if (isRunError(thrown)) return thrown;
	const stack = stackOf(thrown);
	const failed = HostcallError.from(thrown);
	if (failed !== undefined) return { tag: "hostcall", val: { ...failed.record, message: withStack(failed.record.message, stack) } };
	const message = describe(thrown);
	log("error", `the run failed: ${message}`, stack === "" ? [] : [{ key: "stack", value: stack }]);
	return { tag: "failed", val: withStack(message, stack) };
}

/** Returns the output of a run in the form that the ABI accepts. */
export function outputText(output: unknown): string {
	if (typeof output === "string") return wellFormed(output);
	throw new TypeError(`run must return text, but returned ${output === null ? "null" : typeof output}`);
}

function withStack(message: string, stack: string): string {
	return stack === "" ? message : `${message}\n${stack}`;
}

function stackOf(thrown: unknown): string {
	try {
		const stack = thrown instanceof Error ? thrown.stack : undefined;
		return typeof stack === "string" ? wellFormed(authored(stack)) : "";
	} catch {
		// A getter of the thrown value may throw.
		return "";
	}
}

/** Returns a stack without the first frames of an error that the library made. */
function authored(stack: string): string {
	const lines = stack.trimEnd().split("\n");
	const first = lines.findIndex((line) => !line.includes("HostcallError") && !/^\s*(?:at )?from[ @]/.test(line));
	return lines.slice(Math.max(first, 0)).join("\n");
}

/** Returns true for a value that `report` has returned already. */
function isRunError(value: unknown): value is RunError {
	if (typeof value !== "object" || value === null || value instanceof Error) return false;
	const { tag, val } = value as { readonly tag?: unknown; readonly val?: unknown };
	return (tag === "failed" && typeof val === "string") || (tag === "hostcall" && typeof val === "object" && val !== null && "code" in val);
}
