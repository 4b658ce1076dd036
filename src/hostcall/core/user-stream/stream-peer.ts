/** Outcome of a frame from the user: it was added; there is no room now, and `StreamPeer.onRoom` says when to try again; there are too many streams. */
export type Received = "added" | "full" | "refused";

/** The guest's side of its streams, as the user's side calls it. */
export interface GuestStreams {
	/**
	 * Adds a frame to its stream.
	 *
	 * @param frame A valid frame, whose bytes do not change any more.
	 */
	receive(streamId: number, frame: Uint8Array): Received;
	/** Removes and returns the oldest frame that the guest has written. Returns `undefined` if there is none. */
	take(): Uint8Array | undefined;
	/** True if the guest has read every frame that was added. */
	readonly isDrained: boolean;
	/** Ends every stream: the user has gone. Frames that were added before can still be read. Safe to call twice. */
	close(): void;
}

/** The user's side of the streams of one instance. No method may throw. */
export interface StreamPeer {
	/** Connects the guest's side. Called once. */
	connect(guest: GuestStreams): void;
	/** The guest has written a frame. */
	onFrame(): void;
	/** A stream may have room again. */
	onRoom(): void;
	/** The guest waits, or waits no longer. */
	onWait(isWaiting: boolean): void;
	/** The guest asks a model, or has the answer: it works for its user, though it neither reads nor writes. */
	onChat(): void;
	/** The instance has ended. Called once, with the frames that were not taken, the oldest first. */
	onEnd(frames: readonly Uint8Array[]): void;
}
