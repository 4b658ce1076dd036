import { inertJson } from "../formats/inert-json.ts";

/** Returns a value as one line of JSON for `--json`, without characters that a terminal obeys. */
export function jsonLine(value: object): string {
	return `${inertJson(JSON.stringify(value))}\n`;
}
