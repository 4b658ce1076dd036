/** The stack of an unexpected failure, with the stacks of its causes. */
export function stackOf(cause: unknown): string {
	if (!(cause instanceof Error)) return String(cause);
	return `${cause.stack ?? cause.message}${cause.cause === undefined ? "" : `\ncaused by ${stackOf(cause.cause)}`}`;
}
