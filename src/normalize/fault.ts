import { SpearError } from "../errors/spear-error.ts";

/** Returns an `invalid_request` that names the member at fault. */
export function fault(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
