import { SpearError } from "../errors/spear-error.ts";

/** An `invalid_request` that names the member at fault. */
export function fault(path: string, message: string): SpearError {
	return new SpearError("invalid_request", `${path}: ${message}`);
}
