import type { Output } from "../../generated/hostcall/output.ts";
import { abortError } from "../errors/spear-error.ts";
import { checkEmitted, type Emitted } from "./emitted.ts";
import type { GuestScope } from "./scope.ts";

/** Output of a guest while it runs. Each call waits for room in the queue of the run's reader. */
export function createOutput({ signal, limits, emit }: Pick<GuestScope, "signal" | "limits" | "emit">): Output {
	const pass = async (output: Emitted): Promise<void> => {
		if (signal.aborted) throw abortError(signal);
		checkEmitted(output, limits);
		await emit(output);
	};
	return {
		emitText: async (text) => (text === "" ? undefined : pass({ type: "text", text })),
		emitEvent: (name, data) => pass({ type: "event", name, data }),
	};
}
