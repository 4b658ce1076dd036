import { log } from "spear:ai/log@0.1.0";
import type { RunError } from "spear:ai/types@0.1.0";
import { describe, HostcallError } from "./errors.ts";
import { wellFormed } from "./text.ts";

/**
 * Makes the `run` export of a guest: `export const run = agent((input) => …)`.
 *
 * What `body` throws becomes the run's error: a failed hostcall as `hostcall(error)`, anything else as `failed(message)` with its
 * stack in the log. Hostcalls wait by themselves, so `body` needs no `async`; in StarlingMonkey it may be asynchronous all the same.
 */
export function agent(body: (input: string) => string | Promise<string>): (input: string) => string {
	return (input) => {
		let answer: string | Promise<string>;
		try {
			answer = body(input);
			if (!(answer instanceof Promise)) return text(answer);
			if ("__cqjs" in globalThis)
				throw new TypeError(
					"run returned a promise; QuickJS guests are synchronous: hostcalls wait by themselves, so drop `async` and `await`",
				);
		} catch (thrown) {
			throw report(thrown);
		}
		// StarlingMonkey's binding awaits what the export returns, though its type does not say so.
		return answer.then(text).catch((thrown: unknown) => {
			throw report(thrown);
		}) as unknown as string;
	};
}

/** The error value the `run` export throws: the engines lower a thrown plain object as the result's error. */
function report(thrown: unknown): RunError {
	const failed = HostcallError.from(thrown);
	if (failed !== undefined) return { tag: "hostcall", val: failed.record };
	const message = describe(thrown);
	const stack = thrown instanceof Error && typeof thrown.stack === "string" ? wellFormed(thrown.stack.trimEnd()) : "";
	log("error", `the run failed: ${message}`, stack === "" ? [] : [{ key: "stack", value: stack }]);
	return { tag: "failed", val: message };
}

/** The answer as it may cross to the host. */
function text(answer: unknown): string {
	if (typeof answer === "string") return wellFormed(answer);
	throw new TypeError(`run has to return text, and returned ${answer === null ? "null" : typeof answer}`);
}
