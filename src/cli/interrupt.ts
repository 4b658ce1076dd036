import process from "node:process";
import { SpearError } from "../errors/spear-error.ts";

/** A signal that is aborted by Ctrl-C or SIGTERM. A second one ends the process at once. */
export function interruptSignal(): { readonly signal: AbortSignal; dispose(): void } {
	const controller = new AbortController();
	const onSignal = (name: NodeJS.Signals): void => {
		if (controller.signal.aborted) process.exit(130);
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
