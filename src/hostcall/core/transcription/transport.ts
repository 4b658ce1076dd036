import type { Status } from "../../../../generated/hostcall/core/errno.ts";

/** Input of a transcription. */
export type TranscriptionInput =
	| { readonly type: "append_audio"; readonly audio: Uint8Array }
	| { readonly type: "commit" }
	| { readonly type: "clear" };

/** The upstream's side of a transcription. */
export interface Transport extends Disposable {
	/** Bytes that wait to be sent. */
	readonly queuedBytes: number;
	/** Sends or queues input. Returns `eagain` if the host's queue is full, `enomem` without memory, and `eio` if the transport has ended. */
	send(input: TranscriptionInput): Status;
}

/** Receives the changes of a transport. */
export interface TransportListener {
	onConnected(): void;
	/** Receives an event as JSON. */
	onEvent(json: string): void;
	/** Called when input was sent that had waited. */
	onSent(): void;
	/** The upstream has closed the session in order. Called at most once, and not together with `onFailed`. */
	onClosed(): void;
	onFailed(message: string): void;
}
