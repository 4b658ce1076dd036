import type * as asr from "../../generated/ir/asr.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type * as img from "../../generated/ir/img.ts";
import type * as types from "../../generated/ir/types.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { MockedOperation } from "./mocked-operation.ts";

/** Time of an answer. Counted by the clock of the backend. */
export interface Timing {
	/** Time before the first output, in milliseconds. The default is 0. */
	readonly delayMs?: number;
	/** Time between two parts of the output, in milliseconds. The default is 0. */
	readonly everyMs?: number;
}

/** End of an answer. */
export interface Ending {
	/** Failure that follows the output in place of its end. A stream breaks off; a whole answer fails. The default is none. */
	readonly failure?: SpearError;
	/** Tokens consumed. The default is none. */
	readonly usage?: types.Usage;
	/** Name of the model that answered. The default is the model of the request, or `mock`. */
	readonly model?: string;
}

/** Call of a tool. */
export interface MockToolCall {
	/** The default is `call-1`, `call-2` and so on. */
	readonly id?: string;
	readonly name: string;
	/** A value, which is sent as JSON, or the text that the model wrote. The default is `{}`. */
	readonly arguments?: unknown;
}

/** Answer of a chat. */
export interface ChatAnswer extends Timing, Ending {
	/** Text, or its parts as they are streamed. The default is none. */
	readonly text?: string | readonly string[];
	/** A value that is sent as JSON text. */
	readonly json?: unknown;
	/** Reasoning that the model discloses. */
	readonly reasoning?: string;
	readonly toolCalls?: readonly MockToolCall[];
	/** The default is `tool_calls` for an answer with tool calls, else `stop`. */
	readonly finishReason?: cchat.FinishReason;
}

/** Answer of a batch of embeddings. */
export interface EmbeddingsAnswer extends Timing, Ending {
	/** A vector for each text. */
	readonly vectors: readonly (readonly number[] | Float32Array)[];
}

/** An image of an answer. */
export interface MockImage {
	readonly bytes: Uint8Array;
	/** The default is derived from the bytes. */
	readonly mimeType?: string;
	readonly size?: img.Size;
	readonly revisedPrompt?: string;
}

/** Answer with images. */
export interface ImagesAnswer extends Timing, Ending {
	readonly images: readonly MockImage[];
}

/** Answer with speech. */
export interface SpeechAnswer extends Timing, Ending {
	/** The recording, or its parts as they are streamed. */
	readonly audio: Uint8Array | readonly Uint8Array[];
	/** The default is that of the requested format, or `audio/wav`. */
	readonly mimeType?: string;
	/** Sample rate of bare samples, in Hz. The default is none: the format states the rate. */
	readonly sampleRate?: number;
}

/** Transcript of a recording. */
export interface TranscriptAnswer extends Timing, Ending {
	/** Text, or its parts as they are streamed. */
	readonly text: string | readonly string[];
	readonly language?: string;
	/** Length of the recording, in seconds. */
	readonly duration?: number;
	readonly segments?: readonly asr.Segment[];
	readonly words?: readonly asr.Word[];
}

/** Answer to one turn of a realtime session. */
export interface RealtimeAnswer extends Timing, Pick<Ending, "failure"> {
	/** Transcript of what the user said. The default is none. */
	readonly heard?: string;
	/** Text, or its parts. */
	readonly text?: string | readonly string[];
	/** Transcript of the speech, or its parts. */
	readonly transcript?: string | readonly string[];
	/** Speech, or its parts. */
	readonly audio?: Uint8Array | readonly Uint8Array[];
	readonly toolCalls?: readonly MockToolCall[];
}

/** Reply to one request, by operation. A SpearError is the failure of the request. */
export interface Replies {
	/** Text, or an answer with all its parts. */
	chat_completions: string | ChatAnswer | SpearError;
	/** Vectors, one for each text, or an answer with all its parts. */
	embeddings: readonly (readonly number[] | Float32Array)[] | EmbeddingsAnswer | SpearError;
	/** The bytes of an image, or an answer with all its parts. */
	image_generation: Uint8Array | ImagesAnswer | SpearError;
	/** The bytes of a recording, or an answer with all its parts. */
	text_to_speech: Uint8Array | SpeechAnswer | SpearError;
	/** Text, or an answer with all its parts. */
	speech_to_text: string | TranscriptAnswer | SpearError;
	/** Text, or an answer with all its parts. Each reply answers one turn of a session. A SpearError ends the session. */
	realtime_voice: string | RealtimeAnswer | SpearError;
}

/** Reply to one request of an operation. */
export type Reply<O extends MockedOperation> = Replies[O];
