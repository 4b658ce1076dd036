/** The guest's side of its streams, as the user's side calls it. */
export interface GuestStreams {
	/**
	 * Adds a frame to its stream. Returns false if the stream has no room for it now: `StreamPeer.onRoom` says when to try again.
	 *
	 * @param frame A valid frame, which nobody changes any more.
	 */
	receive(streamId: number, frame: Uint8Array): boolean;
	/** Removes and returns the oldest frame that the guest has written. Returns `undefined` if there is none. */
	take(): Uint8Array | undefined;
	/** Ends every stream: the user has gone. Frames that were added before can still be read. */
	close(): void;
}

/** The user's side of the streams of one instance. Its methods must not throw. */
export interface StreamPeer {
	/** Connects the guest's side. Called once. */
	connect(guest: GuestStreams): void;
	/** The guest has written a frame. */
	onFrame(): void;
	/** A stream may have room again. */
	onRoom(): void;
	/** The instance has ended. Called once, with frames that were not taken, the oldest first. */
	onEnd(frames: readonly Uint8Array[]): void;
}
