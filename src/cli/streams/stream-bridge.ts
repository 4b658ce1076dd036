import { once } from "node:events";
import process from "node:process";
import { printable } from "../../formats/printable.ts";
import { encodeFrame, FrameType, framePartsOf } from "../../hostcall/core/user-stream/frame.ts";
import { UserStreams } from "../../hostcall/core/user-stream/user-streams.ts";
import { inputChunks } from "../read-input.ts";
import { FrameSplitter } from "./frame-splitter.ts";

/** Most data of a frame, in bytes. Standard input comes in chunks of this size. */
const DATA_BYTES = 65_536;

export interface StreamBridgeOptions {
	/** Stream whose data standard input and output are. The default is whole frames of any stream. */
	readonly stream?: number;
	/** Time for which a guest must be idle before the end of standard input ends its session, in milliseconds. */
	readonly lingerMs: number;
	/** Stops reading when aborted. */
	readonly signal: AbortSignal;
}

/** Connects the streams of a guest with standard input and output. The end of standard input ends the session. */
export class StreamBridge {
	readonly streams = new UserStreams();
	readonly #options: StreamBridgeOptions;
	readonly #ended = new AbortController();

	constructor(options: StreamBridgeOptions) {
		this.#options = options;
	}

	/**
	 * Passes frames on until the guest has ended.
	 *
	 * @throws SpearError `invalid_request` for standard input that cannot be read, or has bytes that are no frame.
	 */
	async run(): Promise<void> {
		const reading = this.#read().finally(() => this.streams.close());
		// Reported below, after what the guest has written.
		reading.catch(() => {});
		// Without a reader of the output the session is over.
		const onFault = (): void => this.streams.close();
		process.stdout.once("error", onFault);
		await this.#write();
		process.stdout.off("error", onFault);
		this.#ended.abort();
		await reading;
	}

	/** Stops reading. Safe to call twice. */
	close(): void {
		this.#ended.abort();
		this.streams.close();
	}

	async #read(): Promise<void> {
		const { signal, stream, lingerMs } = this.#options;
		try {
			const input = inputChunks(AbortSignal.any([signal, this.#ended.signal]));
			if (stream === undefined) await this.#readFrames(input);
			else await this.#readData(input, stream);
			await this.streams.whenIdle(lingerMs);
		} catch (thrown) {
			// A guest that has ended, and an interruption, need no input any more.
			if (!this.#ended.signal.aborted && !signal.aborted) throw thrown;
		}
	}

	async #readData(input: AsyncIterable<Uint8Array>, streamId: number): Promise<void> {
		let sequence = 0n;
		for await (const chunk of input) {
			for (let at = 0; at < chunk.byteLength; at += DATA_BYTES) {
				sequence += 1n;
				const data = chunk.subarray(at, at + DATA_BYTES);
				await this.streams.send(encodeFrame({ streamId, type: FrameType.data, sequence, data }));
			}
		}
	}

	async #readFrames(input: AsyncIterable<Uint8Array>): Promise<void> {
		const frames = new FrameSplitter();
		for await (const chunk of input) {
			for (const frame of frames.add(chunk)) await this.streams.send(frame);
		}
		frames.end();
	}

	async #write(): Promise<void> {
		const { stream } = this.#options;
		const { stdout } = process;
		// Text for people is escaped. A character may come in two frames.
		const decoder = stdout.isTTY ? new TextDecoder() : undefined;
		for await (const frame of this.streams.frames()) {
			const data = stream === undefined ? frame : dataOf(frame, stream);
			if (data === undefined) continue;
			const hasRoom = stdout.write(decoder === undefined ? data : printable(decoder.decode(data, { stream: true })));
			if (!hasRoom && !(await drained())) return;
		}
	}
}

/** Returns the data of a frame, if it is a data frame of the stream. */
function dataOf(frame: Uint8Array, stream: number): Uint8Array | undefined {
	const parts = framePartsOf(frame);
	return parts?.streamId === stream && parts.type === FrameType.data ? parts.data : undefined;
}

/** Resolves when standard output takes more. Returns false if its reader has gone. */
async function drained(): Promise<boolean> {
	try {
		await once(process.stdout, "drain");
		return true;
	} catch {
		return false;
	}
}
