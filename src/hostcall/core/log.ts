import { Level, type Log } from "../../../generated/hostcall/core/log.ts";
import type * as log from "../../../generated/ir/log.ts";
import { createLog as createTypedLog } from "../log.ts";
import type { GuestScope } from "../scope.ts";

const LEVELS: ReadonlyMap<number, log.Level> = new Map<number, log.Level>([
	[Level.trace, "trace"],
	[Level.debug, "debug"],
	[Level.info, "info"],
	[Level.warn, "warn"],
	[Level.error, "error"],
]);

/** Log lines of one instance, with the bounds and the redaction of all guests. */
export function createLog(scope: Pick<GuestScope, "limits" | "logBudget" | "writeLog">): Log {
	const typed = createTypedLog(scope);
	return {
		log(level, message) {
			typed.log(LEVELS.get(level) ?? "info", message.endsWith("\n") ? message.slice(0, -1) : message, []);
			return 0;
		},
	};
}
