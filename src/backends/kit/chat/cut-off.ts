import { parseJson } from "../../../formats/json.ts";
import type { StreamedEvent } from "../../../transport/http/answer.ts";

/** Returns true if the end of the body cut off the JSON of an event. */
export function isCutOff({ data, event, isTorn = false }: StreamedEvent): boolean {
	if (!isTorn || event === "error") return false;
	try {
		parseJson(data);
		return false;
	} catch {
		return true;
	}
}
