import type * as tts from "../../../../../generated/ir/tts.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { withUsage } from "../../../../errors/with-usage.ts";
import { essenceOf, isMediaType } from "../../../../formats/media-type.ts";
import { UNKNOWN_LENGTH, wavHeader } from "../../../../formats/wav-header.ts";
import { malformedError, truncatedError } from "../../../../transport/http/failure.ts";
import { SPEECH_TYPES, type Speech } from "../../../kit/speech/events.ts";
import { finishReasonOf, inlineDataOf, noMediaError } from "../inline-data.ts";
import type { Response } from "../responses.ts";
import { usageOf } from "../usage.ts";

/** Sample rate, in Hz, if the upstream states none. */
const PCM_RATE = 24_000;

/** Media types of bare samples. The API writes L16 although the least significant byte comes first. */
const PCM_TYPES = new Set(["audio/l16", "audio/pcm", "audio/raw", ""]);

/** Audio of an answer. */
interface Piece {
	readonly mimeType: string;
	readonly audio: Buffer;
}

/** Reads the audio of an answer, response by response. */
export class SpokenAnswer {
	readonly #pieces: AsyncGenerator<Piece, void, void>;
	usage: types.Usage | undefined;

	constructor(responses: AsyncIterable<Response>) {
		this.#pieces = this.#read(responses);
	}

	/**
	 * Returns the audio: samples as they are or behind the header of a WAV file, and any other format as it is. Waits for the first samples.
	 *
	 * @param isWhole True if all of the audio arrives at once, so that the header can state its length.
	 * @throws SpearError the error for an answer without audio; the error that the upstream reports.
	 */
	async speech(format: tts.AudioFormat, isWhole: boolean): Promise<Speech> {
		const first = await this.#pieces.next();
		if (first.done === true) throw new SpearError("backend_error", "the backend's answer holds no audio");
		const { mimeType } = first.value;
		const usage = (): types.Usage | undefined => this.usage;
		const type = essenceOf(mimeType).toLowerCase();
		if (!PCM_TYPES.has(type)) return { mimeType: type, chunks: this.#chunks(first.value), usage };
		const [, stated] = /;\s*rate=(\d{4,6})\b/i.exec(mimeType) ?? [];
		const rate = stated === undefined ? PCM_RATE : Number(stated);
		if (format === "pcm") return { mimeType: SPEECH_TYPES.pcm, chunks: this.#chunks(first.value), pcmRate: rate, usage };
		const chunks = isWhole ? [Buffer.concat(await Array.fromAsync(this.#chunks(first.value)))] : undefined;
		const header = wavHeader(chunks?.[0]?.byteLength ?? UNKNOWN_LENGTH, rate);
		return { mimeType: SPEECH_TYPES.wav, chunks: behind(header, chunks ?? this.#chunks(first.value)), usage };
	}

	/** Ends the exchange. */
	async close(): Promise<void> {
		await this.#pieces.return();
	}

	async *#chunks(first: Piece): AsyncGenerator<Uint8Array, void, void> {
		yield first.audio;
		for await (const { audio } of this.#pieces) yield audio;
	}

	async *#read(responses: AsyncIterable<Response>): AsyncGenerator<Piece, void, void> {
		let last: Response | undefined;
		let isEmpty = true;
		let isWhole = false;
		try {
			for await (const response of responses) {
				last = response;
				this.usage = usageOf(response.value.usageMetadata) ?? this.usage;
				isWhole ||= finishReasonOf(response.value) !== undefined;
				for (const { mimeType, base64 } of inlineDataOf(response.value)) {
					isEmpty = false;
					if (!isAudio(essenceOf(mimeType))) throw malformedError(response.exchange, "its media are no audio");
					yield { mimeType, audio: Buffer.from(base64, "base64") };
				}
			}
			if (last === undefined) return; // A stream of heartbeats alone.
			if (!isWhole) throw truncatedError(last.exchange, "a finishReason");
			if (isEmpty) throw noMediaError(last.exchange, last.value, "audio");
		} catch (thrown) {
			throw withUsage(thrown, this.usage);
		}
	}
}

function isAudio(type: string): boolean {
	return type === "" || (isMediaType(type) && /^audio\//i.test(type));
}

async function* behind(
	header: Uint8Array,
	chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
	yield header;
	yield* chunks;
}
