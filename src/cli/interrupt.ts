import process from "node:process";
import { SpearError } from "../errors/spear-error.ts";
import { EXIT } from "./exit-codes.ts";

/** Returns a signal that Ctrl-C or SIGTERM aborts. A second one ends the process at once. `dispose` stops listening. */
export function interruptSignal(): { readonly signal: AbortSignal; dispose(): void } {
	const controller = new AbortController();
	const onSignal = (name: NodeJS.Signals): void => {
		if (controller.signal.aborted) process.exit(EXIT.interrupted);
		controller.abort(new SpearError("cancelled", `interrupted by ${name}`));
	};
	process.on("SIGINT", onSignal);
	process.on("SIGTERM", onSignal);
	return {
		signal: controller.signal,
		dispose() {
			process.off("SIGINT", onSignal);
			process.off("SIGTERM", onSignal);
		},
	};
}
