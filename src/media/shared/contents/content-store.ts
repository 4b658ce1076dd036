/** Contents of media objects at a place that every host reaches. Knows neither guests nor records. Failures are those of the place: `storageFailure` makes errors of them. */
export interface ContentStore {
	/**
	 * Starts a content.
	 *
	 * @param id Id of the object, 32 hexadecimal digits. No other content has it.
	 */
	write(id: string): ContentWriter;

	/** Opens a content of a known size. */
	read(id: string, size: number): ContentReader;

	/** Keeps a content in place for at least `ms`. */
	keep(id: string, size: number, ms: number): Promise<void>;

	/**
	 * Removes a content, or nothing if there is none.
	 *
	 * @param isComplete False for a content whose writer did not finish.
	 */
	remove(id: string, isComplete: boolean): Promise<void>;

	/** Removes contents that no record can name any more, because they are older than every object. */
	removeAbandoned(): Promise<void>;

	close(): Promise<void>;
}

/** Writes a content, in bounded memory. Calls must not overlap. */
export interface ContentWriter {
	/** Resolves when `bytes` may change. */
	write(bytes: Uint8Array): Promise<void>;
	/** Notifies the place that the writer lives. May overlap with other calls. */
	keep(): Promise<void>;
	/** Ends the content. The content can be read when this resolves. `lifetimeMs` is the lifetime of the object. */
	finish(lifetimeMs: number): Promise<void>;
	/** Ends a content that is not finished. `remove` removes what was written. */
	discard(): Promise<void>;
}

/** Reads a content. Calls must not overlap. */
export interface ContentReader {
	/**
	 * Reads from `position` into `buffer`. Returns the part of the buffer that was filled, at least one byte.
	 *
	 * @throws MissingContent for a content that is not there, or is shorter.
	 */
	fill(buffer: Uint8Array, position: number): Promise<Uint8Array>;
	close(): Promise<void>;
}

/** A content that is not at its place, or not whole. */
export class MissingContent extends Error {
	override readonly name = "MissingContent";
}
