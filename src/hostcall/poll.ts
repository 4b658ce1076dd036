import type { Poll } from "../../generated/hostcall/poll.ts";
import { waitForAny } from "../stream/readiness.ts";
import { Timer } from "../stream/timer.ts";
import type { GuestScope } from "./scope.ts";

/** Waiting, for every readiness that a guest holds a handle of. An aborted run makes each of them ready. */
export function createPoll({ signal }: GuestScope): Poll {
	return {
		poll: (pollables) => waitForAny(pollables, signal),
		subscribeDuration: (ms) => new Timer(ms),
		pollable: {
			ready: (self) => signal.aborted || self.isReady(),
			async block(self) {
				await waitForAny([self], signal);
			},
		},
	};
}
