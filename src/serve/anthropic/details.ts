import { parseJson } from "../../formats/json.ts";
import type { Detail } from "../openai/assistant-parts.ts";
import { invalid } from "../openai/errors.ts";
import { isObject } from "../openai/fields.ts";
import { parseToken, printToken } from "../openai/part-token.ts";

/**
 * Returns the data of the block `redacted_thinking` that holds all reasoning and all parts that only their provider understands. The visible
 * reasoning is within, because some clients return a block of thinking only if it is signed.
 */
export function printDetails(details: readonly Detail[]): string {
	const items = details.map((detail) => ({ token: printToken(detail), ...(detail.text === undefined ? {} : { text: detail.text }) }));
	return Buffer.from(JSON.stringify(items)).toString("base64url");
}

/** @throws RequestError for data that this server cannot have sent. */
export function parseDetails(data: string, path: string): Detail[] {
	let items: unknown;
	try {
		items = parseJson(Buffer.from(data, "base64url").toString());
	} catch {
		items = undefined;
	}
	if (!Array.isArray(items)) throw invalid(path, "is not a value that this server has sent; return it as it was received, or leave it out");
	return items.map((item: unknown): Detail => {
		const { token, text }: { readonly token?: unknown; readonly text?: unknown } = isObject(item) ? item : {};
		return { ...parseToken(typeof token === "string" ? token : "", path), text: typeof text === "string" ? text : undefined };
	});
}
