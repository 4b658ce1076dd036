/** A source of frames of sound. */
export interface SoundSource extends Disposable {
	/** True while frames come. */
	readonly isRunning: boolean;
	/** Reason for which the source has failed. */
	readonly fault: string | undefined;
	/** The oldest frame that waits. */
	readonly first: Uint8Array | undefined;
	/** Size of the frames that wait, in bytes. */
	readonly bytes: number;
	/** Number of frames that were dropped. */
	readonly dropped: number;
	/** Removes the oldest frame. */
	take(): void;
}
