import { VendorErrors } from "../../kit/http/vendor-errors.ts";
import { countOf, isObject } from "../../kit/json/guards.ts";
import { ROWS } from "./error-table.ts";

/** Errors of the API: `{ error: "…" }`, as a body with its status, and as a line of a stream. */
export const ollamaErrors = new VendorErrors({
	rows: ROWS,
	read: (value) => ({
		marks: isObject(value) && typeof value.signin_url === "string" ? ["signin"] : [],
		status: isObject(value) ? countOf(value.status) : undefined,
	}),
	reported: (value) => (isObject(value) && (value.error ?? undefined) !== undefined ? value : undefined),
});
