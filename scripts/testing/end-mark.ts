/** Text that no test prints. */
const SEPARATOR = "\u001e";

/** Text between the outputs of two files. The mark holds the exit code that the first file would have ended with. */
export function endMark(exitCode: number): string {
	return `${SEPARATOR}${exitCode}${SEPARATOR}`;
}

/** Text up to the first end mark. `exitCode` is absent if there is no whole mark; `after` is then the beginning of a mark. */
export interface Split {
	readonly before: string;
	readonly exitCode?: number;
	readonly after: string;
}

export function splitAtMark(text: string): Split {
	const [before = "", exitCode, ...after] = text.split(SEPARATOR);
	if (exitCode === undefined) return { before, after: "" };
	if (after.length === 0) return { before, after: `${SEPARATOR}${exitCode}` };
	return { before, exitCode: Number(exitCode), after: after.join(SEPARATOR) };
}
