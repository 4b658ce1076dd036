import { SpearError } from "../../../errors/spear-error.ts";
import { RawJson } from "../../../transport/http/raw-json.ts";
import { historyArguments } from "../chat/history-calls.ts";

/** Returns the arguments of a tool call in the history as a JSON object for a request, as the model wrote it. */
export function argumentsObject(text: string): RawJson {
	const raw = RawJson.from(new TextEncoder().encode(historyArguments(text)));
	if (raw === undefined) throw new SpearError("internal", "the arguments of a tool call are not JSON");
	return raw;
}
