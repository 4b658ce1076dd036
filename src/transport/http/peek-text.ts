import { ARRIVED, type ArrivingIterator } from "../../async/arrived.ts";

/** A body whose first character is known. */
export interface PeekedText {
	/** First character that is neither space nor a byte order mark. Absent if there is none, or if it is not ASCII. */
	readonly first: string | undefined;
	/** The whole body, in chunks. */
	readonly chunks: ArrivingIterator<Uint8Array> & AsyncIterable<Uint8Array>;
}

/** Reads a text body up to its first character that is not space. Each byte before that character is read once. */
export async function peekText(chunks: AsyncGenerator<Uint8Array, void, void>): Promise<PeekedText> {
	const read: Uint8Array[] = [];
	let first: string | undefined;
	while (first === undefined) {
		const step = await chunks.next();
		if (step.done === true) break;
		read.push(step.value);
		const byte = step.value.find((code) => !SKIPPED.has(code));
		if (byte !== undefined) first = String.fromCharCode(byte);
	}
	return { first, chunks: joined(read, chunks) };
}

/** Space, and the three bytes of a byte order mark. */
const SKIPPED: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/**
 * Returns the chunks that were read, then the rest. Does not close the rest when the reader leaves: its owner does. A generator in between would
 * make promises for each chunk.
 */
function joined(read: readonly Uint8Array[], rest: ArrivingIterator<Uint8Array>): PeekedText["chunks"] {
	const first = read.values();
	return {
		[ARRIVED]() {
			const step = first.next();
			return step.done === true ? rest[ARRIVED]?.() : step;
		},
		next() {
			const step = first.next();
			return step.done === true ? rest.next() : Promise.resolve(step);
		},
		[Symbol.asyncIterator]() {
			return this;
		},
	};
}
