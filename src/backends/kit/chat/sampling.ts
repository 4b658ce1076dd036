import { SpearError } from "../../../errors/spear-error.ts";

/**
 * Checks that JSON can hold the numbers of a request's parameters. `JSON.stringify` would write null.
 *
 * @throws SpearError `invalid_request` that names the parameter.
 */
export function checkFinite(params: object): void {
	for (const [name, value] of Object.entries(params)) {
		if (typeof value === "number" && !Number.isFinite(value))
			throw new SpearError("invalid_request", `params.${name}: ${value} is not a number that JSON can hold`);
	}
}
