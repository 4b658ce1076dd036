import { SpearError } from "../../errors/spear-error.ts";
import { EXIT } from "../exit-codes.ts";
import { printFailure } from "../print-failure.ts";

/**
 * Prints why a model could not be had. Returns the exit code: that of wrong arguments for `invalid_request`, of an interruption, or of a
 * failure.
 */
export function printModelFailure(thrown: unknown, command: { readonly json?: boolean }): number {
	const exitCode = printFailure(thrown, command);
	return thrown instanceof SpearError && thrown.code !== "invalid_request" && thrown.code !== "cancelled" ? EXIT.failed : exitCode;
}
