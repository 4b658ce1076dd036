import { VendorErrors } from "../../kit/http/vendor-errors.ts";
import { isObject, textOf } from "../../kit/json/guards.ts";
import { ROWS } from "./error-table.ts";

/** Header with the name of the exception, such as `ThrottlingException:http://internal.amazon.com/…`. */
const ERROR_TYPE = "x-amzn-errortype";

/**
 * Errors of the API: the exception's name in a header or in `__type`, and a message. The decoder of streams writes exceptions in this form.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
 */
export const bedrockErrors = new VendorErrors({
	rows: ROWS,
	read: (value) => ({ marks: isObject(value) ? marksOf(textOf(value.__type) ?? textOf(value.code)) : [] }),
	reported: (value) => (isObject(value) && typeof value.__type === "string" ? value : undefined),
	headerMarks: (headers) => marksOf(headers[ERROR_TYPE]),
});

/** Returns the mark of an exception's name: without its namespace and its address, in lower case. */
function marksOf(name: string | undefined): readonly string[] {
	const plain = name?.slice(0, 300).split(":")[0]?.split("#").at(-1)?.toLowerCase() ?? "";
	return plain === "" ? [] : [plain.replace(/exception$/, "")];
}
