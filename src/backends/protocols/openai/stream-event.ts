import { jsonFault, parseJson } from "../../../formats/json.ts";
import type { StreamedEvent } from "../../../transport/http/answer.ts";
import { malformedError } from "../../../transport/http/failure.ts";
import { isObject, type JsonObject } from "../../kit/json/guards.ts";
import { openAiErrors } from "./errors.ts";

/**
 * Returns the value of an event of a stream.
 *
 * @throws SpearError the error that the event reports, as JSON or as text; `backend_error` for an event that is not an object.
 */
export function eventObject({ data, event, exchange }: StreamedEvent): JsonObject {
	let value: unknown;
	try {
		value = parseJson(data);
	} catch (thrown) {
		if (event === "error") throw openAiErrors.reportedError(exchange, data);
		throw malformedError(exchange, jsonFault(thrown, "an event of the stream is not JSON"), data);
	}
	const reported = openAiErrors.reported(value) ?? (event === "error" ? value : undefined);
	if (reported !== undefined) throw openAiErrors.reportedError(exchange, reported);
	if (!isObject(value)) throw malformedError(exchange, "an event of the stream is not an object", data);
	return value;
}
