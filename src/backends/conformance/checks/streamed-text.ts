/** Returns the joined text of the events of a stream. Empty for events without text. */
export function streamedText(events: readonly unknown[]): string {
	return events.map((event) => textOf(event)).join("");
}

/** Returns the joined text of a result: of the parts of a message, or of a transcript. Empty for other results. */
export function wholeText(result: unknown): string {
	if (!isObject(result)) return "";
	if (!isObject(result.message)) return textOf(result);
	return Array.isArray(result.message.content) ? result.message.content.map(textOf).join("") : "";
}

function textOf(value: unknown): string {
	return isObject(value) && typeof value.text === "string" && (value.type === "text" || value.type === undefined) ? value.text : "";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
