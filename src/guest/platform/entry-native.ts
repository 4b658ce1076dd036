/** Entry point of guests in an engine that runs promises itself: `spear build` makes the `run` of the component from that of the author. */
import { outputText, report } from "../outcome.ts";
import { markStarted } from "./run-state.ts";

/**
 * Returns the `run` export of the component, which turns whatever is thrown into the error of the run. The binding of the engine awaits a promise.
 */
export function entryPoint(run: (input: string) => unknown): (input: string) => string | Promise<string> {
	return (input) => {
		markStarted();
		try {
			const output: unknown = run(input);
			if (!(output instanceof Promise)) return outputText(output);
			return output.then(outputText).catch((thrown: unknown) => {
				throw report(thrown);
			});
		} catch (thrown) {
			throw report(thrown);
		}
	};
}
