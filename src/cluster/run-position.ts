import { SpearError } from "../errors/spear-error.ts";

/**
 * Position of an event in the log of a run, e.g. `1280-7`. The first number is the offset of the event in the bytes of all events, and the second counts the
 * events from 1. So a log is cut by bytes at once, and a reader finds out that events before the first one were dropped.
 */
export interface RunPosition {
	readonly offset: number;
	readonly ordinal: number;
}

/** Returns the position of a text; the beginning for "". @throws SpearError `invalid_request` for a text that is no position. */
export function parsePosition(text: string): RunPosition {
	if (text === "") return { offset: 0, ordinal: 0 };
	const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
	if (match === null) throw new SpearError("invalid_request", 'the position is none of this run; pass the position of an event, or ""');
	return { offset: Number(match[1]), ordinal: Number(match[2]) };
}

/** Returns the text of a position. */
export function formatPosition({ offset, ordinal }: RunPosition): string {
	return `${offset}-${ordinal}`;
}
