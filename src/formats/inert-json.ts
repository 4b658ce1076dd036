/** Characters that a terminal obeys and that `JSON.stringify` keeps: DEL, the C1 controls, and changes of the writing direction. */
const OBEYED = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Escapes the characters of JSON text that a terminal would obey. The text stays the JSON of the same value. */
export function inertJson(json: string): string {
	return json.replace(OBEYED, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
