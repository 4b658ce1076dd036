import process from "node:process";
import { SpearError } from "../errors/spear-error.ts";

/** A signal that an interruption of the command aborts. */
export interface Interrupt {
	readonly signal: AbortSignal;
	/** Stops listening. */
	dispose(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Returns a signal that Ctrl-C or SIGTERM aborts, so that the command stops cleanly.
 *
 * The second one ends the process at once, by the default of the system. Code that blocks the event loop cannot prevent that. The first one
 * waits until the loop is free, because only then does a handler run.
 *
 * @param onFirst Called at the first signal. The default does nothing.
 */
export function interruptSignal(onFirst: (name: NodeJS.Signals) => void = () => {}): Interrupt {
	const controller = new AbortController();
	const dispose = (): void => {
		for (const name of SIGNALS) process.off(name, onSignal);
	};
	const onSignal = (name: NodeJS.Signals): void => {
		dispose();
		onFirst(name);
		controller.abort(new SpearError("cancelled", `interrupted by ${name}`));
	};
	for (const name of SIGNALS) process.on(name, onSignal);
	return { signal: controller.signal, dispose };
}
