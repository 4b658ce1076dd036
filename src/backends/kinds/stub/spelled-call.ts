import { parseJson } from "../../../formats/json.ts";

/** Returns the tool call in a text of the form `call <tool> <JSON object>`, or `undefined` if no such tool is offered. */
export function spelledCall(
	text: string,
	tools: readonly { readonly name: string }[],
): { readonly name: string; readonly arguments: string } | undefined {
	// The object ends at the last brace of the text. A pattern that looks for its end would search the text once for each `call`.
	const found = /\bcall ([A-Za-z0-9_-]{1,64}) (?=\{)/.exec(text);
	const end = text.lastIndexOf("}");
	const [spelled, name] = found ?? [];
	if (
		found === null ||
		spelled === undefined ||
		name === undefined ||
		found.index + spelled.length > end ||
		!tools.some((tool) => tool.name === name)
	)
		return undefined;
	const args = text.slice(found.index + spelled.length, end + 1);
	try {
		parseJson(args);
		return { name, arguments: args };
	} catch {
		return undefined;
	}
}
