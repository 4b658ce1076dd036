import { StoreError, type StoreFailure } from "../store-error.ts";

/** First words of a server's errors. Other errors are faults of a call: a key of another type, or a script that another program's values break. */
const BY_WORD: ReadonlyMap<string, StoreFailure> = new Map([
	["OOM", "full"],
	["NOAUTH", "denied"],
	["WRONGPASS", "denied"],
	["NOPERM", "denied"],
	["LOADING", "unreachable"],
	["BUSY", "unreachable"],
	["MASTERDOWN", "unreachable"],
	["CLUSTERDOWN", "unreachable"],
	["TRYAGAIN", "unreachable"],
	["READONLY", "unreachable"],
	["UNBLOCKED", "unreachable"],
	["MISCONF", "unreachable"],
	["NOREPLICAS", "unreachable"],
]);

/** Errors of a script that the user may not run as a whole: of Redis 7.0, and of later versions and Valkey. */
const DENIED_IN_SCRIPT = /^ERR (?:The user executing the script can't |ACL failure in script)/;

/**
 * Returns the failure of a call.
 *
 * @param call Name of the script or command.
 */
export function callFailure(call: string, thrown: unknown): StoreError {
	if (thrown instanceof StoreError) return thrown;
	const error = thrown instanceof Error ? thrown : new Error(String(thrown));
	const message = `${call}: ${error.message}`;
	if (error.name !== "ReplyError") return new StoreError("unreachable", message, { cause: thrown, mayHaveRun: true });
	const reason = DENIED_IN_SCRIPT.test(error.message) ? "denied" : BY_WORD.get(error.message.split(/[ :]/, 1)[0] ?? "");
	if (reason === undefined) return new StoreError(error.message.includes("OOM ") ? "full" : "invalid_value", message, { cause: thrown });
	return new StoreError(reason, message, { cause: thrown });
}
