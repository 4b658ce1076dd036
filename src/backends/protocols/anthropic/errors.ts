import { VendorErrors } from "../../kit/http/vendor-errors.ts";
import { isObject, textOf } from "../../kit/json/guards.ts";
import { ROWS } from "./error-table.ts";

/** Errors of the API, which are also the events `error` of a stream: `{ type: "error", error: { type, message } }`. */
export const anthropicErrors = new VendorErrors({
	rows: ROWS,
	read: (value) => {
		const type = isObject(value) && isObject(value.error) ? textOf(value.error.type) : undefined;
		return { marks: type === undefined ? [] : [type] };
	},
	reported: (value) => (isObject(value) && (value.type === "error" || isObject(value.error)) ? value : undefined),
});
