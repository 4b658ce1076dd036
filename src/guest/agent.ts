import { outputText, report } from "./outcome.ts";

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
 * `async`. An asynchronous `body` may await promises and timers. `spear build` adds the loop that runs them.
 */
export function agent(body: (input: string) => string | Promise<string>): (input: string) => string {
	return (input) => {
		let output: string | Promise<string>;
		try {
			output = body(input);
			if (!(output instanceof Promise)) return outputText(output);
		} catch (thrown) {
			throw report(thrown);
		}
		// The caller awaits the promise, which the type of the export does not allow.
		return output.then(outputText).catch((thrown: unknown) => {
			throw report(thrown);
		}) as unknown as string;
	};
}
