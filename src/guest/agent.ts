import { log } from "spear:ai/log@0.1.0";
import type { RunError } from "spear:ai/types@0.1.0";
import { describe, HostcallError } from "./errors.ts";
import { wellFormed } from "./text.ts";

/**
 * Returns the `run` export of a guest.
 *
 * ```ts
 * import { agent } from "spear-hostcall/guest";
 *
 * export const run = agent((input) => `You said: ${input}`);
 * ```
 *
 * An error that `body` throws becomes the error of the run: a failed hostcall becomes `hostcall(error)`, any other error
 * `failed(message)`. The stack of the latter ends its message, and is logged. Hostcalls block until they have a result, so `body` needs no
 * `async`. In StarlingMonkey, `body` may be asynchronous.
 */
export function agent(body: (input: string) => string | Promise<string>): (input: string) => string {
	return (input) => {
		let output: string | Promise<string>;
		try {
			output = body(input);
			if (!(output instanceof Promise)) return outputText(output);
			if ("__cqjs" in globalThis)
				throw new TypeError(
					"run returned a promise; QuickJS guests are synchronous: hostcalls block until they have a result, so remove `async` and `await`",
				);
		} catch (thrown) {
			throw report(thrown);
		}
		// StarlingMonkey's binding awaits the result of the export, which its type does not allow.
		return output.then(outputText).catch((thrown: unknown) => {
			throw report(thrown);
		}) as unknown as string;
	};
}

/** Returns the value that `run` throws. The engines lower a thrown object as the error of the result. */
function report(thrown: unknown): RunError {
	const failed = HostcallError.from(thrown);
	if (failed !== undefined) return { tag: "hostcall", val: failed.record };
	const message = describe(thrown);
	const stack = thrown instanceof Error && typeof thrown.stack === "string" ? wellFormed(thrown.stack.trimEnd()) : "";
	log("error", `the run failed: ${message}`, stack === "" ? [] : [{ key: "stack", value: stack }]);
	return { tag: "failed", val: stack === "" ? message : `${message}\n${stack}` };
}

/** Returns the output of a run in the form that the ABI accepts. */
function outputText(output: unknown): string {
	if (typeof output === "string") return wellFormed(output);
	throw new TypeError(`run must return text, but returned ${output === null ? "null" : typeof output}`);
}
