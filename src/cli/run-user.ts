import { SpearError } from "../errors/spear-error.ts";
import type { UserOptions } from "../host/user-side.ts";
import { openMicrophone } from "./microphone.ts";
import { StreamBridge } from "./streams/stream-bridge.ts";

/** Options of `spear run` for guests that talk with their user. */
export interface UserCommand {
	/** WAV file that the guest hears. `-` reads sound from standard input. */
	readonly mic?: string;
	/** Stream that standard input and output are connected with. */
	readonly stream?: number;
	/** Connects standard input and output with all streams, frame by frame. */
	readonly streamFrames?: boolean;
	/** Time for which the guest must be idle before the end of standard input ends its session, in milliseconds. */
	readonly streamLinger?: number;
}

/** Options of `spear run` that use the same standard input and output. */
interface RunForm {
	readonly input?: string;
	readonly json?: boolean;
	readonly streamJson?: boolean;
}

const DEFAULT_LINGER_MS = 500;

/** The user of a run, connected with the terminal. */
export interface RunUser {
	readonly options: UserOptions;
	/** True if standard output belongs to the streams of the guest. */
	readonly isStreaming: boolean;
	/** Passes frames on until the guest has ended. */
	talk(): Promise<void>;
	/** Stops reading. */
	close(): Promise<void>;
}

/**
 * Opens what the options name.
 *
 * @throws SpearError `invalid_request` for options that exclude each other, and for a recording that cannot be read.
 */
export async function openUser(command: UserCommand & RunForm, signal: AbortSignal): Promise<RunUser> {
	checkOptions(command);
	const { mic, stream, streamFrames = false, streamLinger = DEFAULT_LINGER_MS } = command;
	const sound = mic === undefined ? undefined : await openMicrophone(mic, signal);
	const isStreaming = streamFrames || stream !== undefined;
	const bridge = isStreaming
		? new StreamBridge({ ...(stream === undefined ? {} : { stream }), lingerMs: streamLinger, signal })
		: undefined;
	return {
		options: {
			...(sound === undefined ? {} : { microphone: sound.microphone }),
			...(bridge === undefined ? {} : { streams: bridge.streams }),
		},
		isStreaming,
		talk: async () => bridge?.run(),
		async close() {
			bridge?.close();
			await sound?.close();
		},
	};
}

function checkOptions({ mic, stream, streamFrames, input, json, streamJson }: UserCommand & RunForm): void {
	const connection = stream === undefined ? (streamFrames ? "--stream-frames" : undefined) : "--stream";
	if (stream !== undefined && streamFrames) throw excluded("--stream", "--stream-frames", "name one of them");
	const form = streamJson ? "--stream-json" : json ? "--json" : undefined;
	if (connection !== undefined && form !== undefined) throw excluded(connection, form, "both write to standard output");
	const readers = [connection, mic === "-" ? "--mic -" : undefined, input === "-" ? "--input -" : undefined].filter(
		(name) => name !== undefined,
	);
	const [first, second] = readers;
	if (first !== undefined && second !== undefined) throw excluded(first, second, "both read standard input");
}

function excluded(one: string, other: string, reason: string): SpearError {
	return new SpearError("invalid_request", `${one} and ${other} exclude each other: ${reason}`);
}
