import type { Context } from "../hono.ts";
import { HttpError } from "../http-error.ts";
import { mediaTypeOf, readText } from "../middleware/read-body.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import type { ServedAgent } from "./served-agent.ts";

/** Most bytes of JSON for one byte of its text: `\u0000`. */
const MAX_ESCAPE = 6;

/** Room for the members of a request beside its input, in bytes. */
const OTHER_MEMBERS = 4_096;

/** Forms of a request with an input. */
export interface InputForms<R> {
	/** Returns the request whose body is the input itself. */
	readonly plain: (text: string) => R;
	/** Parses a body of JSON. */
	readonly parse: (text: string) => R;
}

/**
 * Reads a request with an input for an agent: JSON, or the input alone as plain text.
 *
 * @throws HttpError 400, 413, 415 for a request that cannot be read.
 */
export async function readInput<R extends { readonly input: string }>(
	c: Context<ServeEnv>,
	{ settings }: ServedAgent,
	context: ServeContext,
	{ plain, parse }: InputForms<R>,
): Promise<R> {
	const { raw } = c.req;
	const charge = c.get("chargeBody");
	const { maxBodyBytes } = context.settings().server;
	const { maxInputBytes } = settings;
	const type = mediaTypeOf(raw);
	if (type === "text/plain") return plain(await readText(raw, { maxBytes: Math.min(maxBodyBytes, maxInputBytes), charge }));
	if (type !== "application/json")
		throw new HttpError(415, "unsupported_media_type", "send JSON with content-type: application/json, or the input alone as text/plain");
	const request = parse(await readText(raw, { maxBytes: Math.min(maxBodyBytes, maxInputBytes * MAX_ESCAPE + OTHER_MEMBERS), charge }));
	if (Buffer.byteLength(request.input) <= maxInputBytes) return request;
	throw new HttpError(413, "input_too_large", `the input has more than ${maxInputBytes} bytes, the limit of this agent (max_input_bytes)`, {
		param: "input",
	});
}
