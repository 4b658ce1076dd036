/** Id at the beginning of a message, as most implementations write it. */
const AT_START = /^\s*\{(?:"jsonrpc":\s?"2\.0",\s?)?"id":\s?(\d{1,15}),/;

/** Id at the end of a message, as the official TypeScript SDK writes it. Within a string, the quotes would be escaped. */
const AT_END = /[}\]"\w],(?:"jsonrpc":"2\.0",)?"id":(\d{1,15})(?:,"jsonrpc":"2\.0")?\}\s*$/;

/** Returns the id of a message of which both ends are known. `undefined` if neither end has it. */
export function idOfLongLine(start: string, end: string): number | undefined {
	const id = AT_START.exec(start)?.[1] ?? AT_END.exec(end)?.[1];
	return id === undefined ? undefined : Number(id);
}
