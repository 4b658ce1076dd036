import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";

/** Cause of the errors that the host has sent. Copies of an error keep its cause. */
const LOGGED_BY_HOST = { message: "the host's log has the cause" };

/** Returns the error that the host describes. The host has logged its details. */
export function hostFailure(record: types.Error): SpearError {
	return SpearError.fromRecord(record).with({ cause: LOGGED_BY_HOST });
}

/** Returns true if the host has logged the details of a failure. */
export function isLoggedByHost(thrown: unknown): boolean {
	return thrown instanceof SpearError && thrown.cause === LOGGED_BY_HOST;
}
