import type { CoreCalls } from "../../../generated/hostcall/core/calls.ts";
import { createClock } from "./clock.ts";
import type { CoreScope } from "./core-scope.ts";
import { FdTable } from "./fd-table.ts";
import type { GuestFunctions } from "./guest-functions.ts";
import { createLog } from "./log.ts";
import { createPoll } from "./poll.ts";

/** Hostcalls that are written so far. */
type Written = Pick<CoreCalls, "clock" | "log" | "poll">;

/** Creates the hostcalls of one instance. Dispose them when the instance ends: that closes every descriptor. */
export function createCoreCalls(scope: CoreScope, _guest: GuestFunctions): Written & Disposable {
	const fds = new FdTable(scope.limits.maxHandles);
	return {
		clock: createClock(scope),
		log: createLog(scope),
		poll: createPoll(scope, fds),
		[Symbol.dispose]: () => fds[Symbol.dispose](),
	};
}
