/** Returns the tool call in a text of the form `call <tool> <JSON object>`, or `undefined` if no such tool is offered. */
export function spelledCall(
	text: string,
	tools: readonly { readonly name: string }[],
): { readonly name: string; readonly arguments: string } | undefined {
	const [, name, args] = /\bcall ([A-Za-z0-9_-]{1,64}) (\{.*\})/s.exec(text) ?? [];
	if (name === undefined || args === undefined || !tools.some((tool) => tool.name === name)) return undefined;
	try {
		JSON.parse(args);
		return { name, arguments: args };
	} catch {
		return undefined;
	}
}
