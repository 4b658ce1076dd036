import { jsonFault, parseJson } from "../../../formats/json.ts";
import type { StreamedEvent } from "../../../transport/http/answer.ts";
import type { HttpClient } from "../../../transport/http/client.ts";
import type { Exchange } from "../../../transport/http/exchange.ts";
import { malformedError, truncatedError } from "../../../transport/http/failure.ts";
import type { HttpRequest } from "../../../transport/http/options.ts";
import { isCutOff } from "../../kit/chat/cut-off.ts";
import { isObject, type JsonObject } from "../../kit/json/guards.ts";
import { geminiErrors } from "./errors.ts";

/** A response of the API: a whole answer, or an event of a stream. */
export interface Response {
	readonly value: JsonObject;
	readonly exchange: Exchange;
}

/** Data of the event that ends the streams of some proxies. The streams of the API end with the body. */
const LAST_OF_PROXIES = "[DONE]";

/** Yields the events of a stream, which ends with its body. The body may be JSON in place of a stream. */
export function openEvents(http: HttpClient, request: HttpRequest): AsyncGenerator<StreamedEvent, void, void> {
	return http.openStream(request, LAST_OF_PROXIES, { orJson: true, bodyEnds: true });
}

/**
 * Yields the responses of a stream.
 *
 * @throws SpearError the error that an event reports; `backend_error` for an event that was cut or is no object.
 */
export async function* openResponses(http: HttpClient, request: HttpRequest): AsyncGenerator<Response, void, void> {
	for await (const event of openEvents(http, request)) {
		if (isCutOff(event)) throw truncatedError(event.exchange, "the end of an event");
		const data = event.data.trim();
		if (data === LAST_OF_PROXIES) return;
		if (data === "") continue; // A heartbeat.
		const value = parse(event);
		for (const item of Array.isArray(value) ? value : [value]) yield responseOf(item, event.exchange);
	}
}

/** Returns a response. Throws the error that it reports. */
export function responseOf(value: unknown, exchange: Exchange): Response {
	const reported = geminiErrors.reported(value);
	if (reported !== undefined) throw geminiErrors.reportedError(exchange, reported);
	if (!isObject(value)) throw malformedError(exchange, "it is not an object");
	return { value, exchange };
}

function parse({ data, event, exchange }: StreamedEvent): unknown {
	try {
		return parseJson(data);
	} catch (thrown) {
		if (event === "error") return { error: data };
		throw malformedError(exchange, jsonFault(thrown, "an event of the stream is not JSON"), data);
	}
}
