import { jsonFault, parseJson } from "../../../formats/json.ts";
import type { StreamedEvent } from "../../../transport/http/answer.ts";
import { malformedError } from "../../../transport/http/failure.ts";
import { isObject, type JsonObject } from "../json/guards.ts";
import type { VendorErrors } from "./vendor-errors.ts";

/**
 * Returns the value of an event of a stream.
 *
 * @throws SpearError the error that the event reports, as JSON or as text; `backend_error` for an event that is not an object.
 */
export function eventObject(event: StreamedEvent, errors: VendorErrors): JsonObject {
	const value = eventValue(event, "an event of the stream is not JSON");
	const reported = errors.reported(value) ?? (event.event === "error" ? value : undefined);
	if (reported !== undefined) throw errors.reportedError(event.exchange, reported);
	if (!isObject(value)) throw malformedError(event.exchange, "an event of the stream is not an object", event.data);
	return value;
}

/**
 * Returns the JSON of an event. The text of an event that reports an error may be no JSON.
 *
 * @param what The fault of data that is not JSON, as a clause.
 */
export function eventValue({ data, event, exchange }: StreamedEvent, what: string): unknown {
	try {
		return parseJson(data);
	} catch (thrown) {
		if (event === "error") return { error: data };
		throw malformedError(exchange, jsonFault(thrown, what), data);
	}
}
