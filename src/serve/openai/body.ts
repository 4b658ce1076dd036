import { exceedsMarks, jsonFault, parseJson } from "../../formats/json.ts";
import type { Context } from "../hono.ts";
import { HttpError } from "../http-error.ts";
import { MAX_VALUES } from "../max-values.ts";
import { type BodyBounds, type BodyOf, readBytes } from "../middleware/read-body.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { RequestError } from "./errors.ts";
import { isObject, type JsonRecord } from "./fields.ts";

/** `application/json` or a subtype with that suffix. */
const JSON_TYPE = /^application\/(?:[\w.-]{1,100}\+)?json$/i;

/**
 * Reads the body of a request: one JSON object in UTF-8. A byte order mark is skipped. Of two members with one name, the last counts.
 *
 * The media type must be JSON. Otherwise a page of any website could send requests to a server on loopback: browsers ask the server before
 * they send this type across origins.
 *
 * @throws RequestError 400 for a body that is no JSON object, 413 for one that is too large or has too many values, 415 for another media type or encoding.
 */
export async function readJsonBody(request: BodyOf, bounds: BodyBounds): Promise<JsonRecord> {
	checkType(request.headers);
	const bytes = await readBytes(request, bounds).catch((thrown: unknown) => {
		if (thrown instanceof HttpError) throw thrown.status === 413 ? tooLarge(bounds.maxBytes) : thrown;
		throw new RequestError(400, null, "the body of the request ended before it was complete", "invalid_body");
	});
	let value: unknown;
	try {
		const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
		if (exceedsMarks(text, MAX_VALUES)) throw tooManyValues();
		value = parseJson(text);
	} catch (thrown) {
		if (thrown instanceof RequestError) throw thrown;
		const fault = thrown instanceof TypeError ? "it is not UTF-8" : jsonFault(thrown);
		throw new RequestError(400, null, `the body of the request cannot be read: ${fault}`, "invalid_json");
	}
	if (isObject(value)) return value;
	throw new RequestError(400, null, "the body of the request must be a JSON object", "invalid_json");
}

/** Returns the bounds of the body of a client's request. */
export function bodyBounds(c: Context<ServeEnv>, { settings }: Pick<ServeContext, "settings">): BodyBounds {
	return { maxBytes: settings().server.maxBodyBytes, charge: c.get("chargeBody") };
}

function checkType(headers: Headers): void {
	const encoding = (headers.get("content-encoding") ?? "identity").trim().toLowerCase();
	if (encoding !== "identity" && encoding !== "") throw unsupportedType("send the body without a content-encoding");
	const [type = "", ...parameters] = (headers.get("content-type") ?? "").split(";", 10).map((part) => part.trim());
	if (!JSON_TYPE.test(type)) throw unsupportedType("send the body with the header content-type: application/json");
	const charset = parameters.find((parameter) => /^charset=/i.test(parameter))?.slice("charset=".length);
	if (charset !== undefined && !/^"?utf-?8"?$/i.test(charset)) throw unsupportedType("send the body in UTF-8");
}

function unsupportedType(message: string): RequestError {
	return new RequestError(415, null, message, "unsupported_media_type");
}

function tooManyValues(): RequestError {
	const message = `the body of the request has more than ${MAX_VALUES} values; send fewer messages or items`;
	return new RequestError(413, null, message, "request_too_large");
}

function tooLarge(maxBytes: number): RequestError {
	return new RequestError(
		413,
		null,
		`the body of the request has more than ${maxBytes} bytes; send less, or raise max_body_bytes of the server`,
		"request_too_large",
	);
}
