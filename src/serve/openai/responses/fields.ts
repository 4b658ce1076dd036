/** Members of the request by the paths of the host. */
const NAMES: readonly (readonly [path: RegExp, name: string])[] = [
	[/^params\.reasoning_effort\b/, "reasoning.effort"],
	[/^params\./, ""],
	[/^(?:options\.)?provider_options\./, ""],
	[/^options\./, "spear."],
	[/^tool_choice\.named\b/, "tool_choice.name"],
	[/^response_format\.json_schema\b/, "text.format"],
	[/^response_format\b/, "text.format"],
	// Items of the request are no messages of the host: several of them may be one.
	[/^messages\b.*$/, "input"],
];

/** Returns the client's member for a path of the host. */
export function responsesField(path: string): string {
	const found = NAMES.find(([pattern]) => pattern.test(path));
	return found === undefined ? path : path.replace(...found);
}
