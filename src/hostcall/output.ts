import type { Output } from "../../generated/hostcall/output.ts";
import { abortError } from "../errors/spear-error.ts";
import { checkEvent } from "./emitted.ts";
import type { GuestScope } from "./scope.ts";

/** Output of a guest while it runs. Each call waits for room in the queue of the run's reader. */
export function createOutput({ signal, limits, emit }: Pick<GuestScope, "signal" | "limits" | "emit">): Output {
	const refuseAfterEnd = (): void => {
		if (signal.aborted) throw abortError(signal);
	};
	return {
		async emitText(text) {
			refuseAfterEnd();
			if (text !== "") await emit({ type: "text", text });
		},
		async emitEvent(name, data) {
			refuseAfterEnd();
			checkEvent({ name, data }, limits);
			await emit({ type: "event", name, data });
		},
	};
}
