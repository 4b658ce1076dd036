import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "./spear-error.ts";

/**
 * Returns a failure with the usage that the upstream reported: the upstream charges for the request all the same. Returns any other value,
 * and a failure without usage, as it is.
 */
export function withUsage<T>(thrown: T, usage: types.Usage | undefined): T | SpearError {
	return thrown instanceof SpearError && usage !== undefined ? thrown.with({ usage }) : thrown;
}
