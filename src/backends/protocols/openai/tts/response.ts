import type * as tts from "../../../../../generated/ir/tts.ts";
import { parseJson } from "../../../../formats/json.ts";
import type { BytesAnswer } from "../../../../transport/http/answer.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { SPEECH_TYPES, type Speech } from "../../../kit/speech/events.ts";
import { openAiErrors } from "../errors.ts";

/** Sample rate of bare samples, in Hz, if the upstream does not state another. */
const PCM_RATE = 24_000;

/** Largest part of a text answer that is read for its error, in bytes. */
const MAX_REPORT_BYTES = 64 * 1024;

/** The ABI's names of media types that servers name differently. */
const ALIASES: ReadonlyMap<string, string> = new Map([
	["audio/mp3", "audio/mpeg"],
	["audio/x-mp3", "audio/mpeg"],
	["audio/wave", "audio/wav"],
	["audio/x-wav", "audio/wav"],
	["audio/vnd.wave", "audio/wav"],
	["audio/opus", "audio/ogg"],
	["application/ogg", "audio/ogg"],
	["audio/x-flac", "audio/flac"],
	["audio/aacp", "audio/aac"],
	["audio/x-aac", "audio/aac"],
	["audio/x-pcm", "audio/pcm"],
]);

/**
 * Returns the audio of an answer. The media type is the upstream's if that is audio, else that of the requested format.
 *
 * @throws SpearError `backend_error` for an answer that is text; the error that the upstream reports.
 */
export async function speechOf(answer: BytesAnswer, requested: tts.AudioFormat): Promise<Speech> {
	const { contentType, exchange, headers } = answer;
	if (contentType !== undefined && /^text\/|json$|xml$/.test(contentType)) throw await textError(answer);
	const type = contentType === undefined ? undefined : (ALIASES.get(contentType) ?? contentType);
	const mimeType = type?.startsWith("audio/") ? type : SPEECH_TYPES[requested];
	return {
		mimeType,
		chunks: notEmpty(answer.chunks, exchange),
		...(mimeType === SPEECH_TYPES.pcm ? { pcmRate: rateOf(headers["content-type"]) } : {}),
	};
}

/** Returns the sample rate. Some servers state it as a parameter of the media type, such as `audio/pcm;rate=16000`. */
function rateOf(contentType: string | undefined): number {
	const [, rate] = /;\s*rate="?(\d{4,6})\b/i.exec(contentType ?? "") ?? [];
	return rate === undefined ? PCM_RATE : Number(rate);
}

async function* notEmpty(chunks: AsyncIterable<Uint8Array>, exchange: Exchange): AsyncGenerator<Uint8Array, void, void> {
	let bytes = 0;
	for await (const chunk of chunks) {
		bytes += chunk.byteLength;
		yield chunk;
	}
	if (bytes === 0) throw malformedError(exchange, "it holds no audio");
}

/** Returns the error for an answer that is text. */
async function textError({ contentType, exchange, chunks: body }: BytesAnswer): Promise<Error> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of body) {
		chunks.push(chunk);
		bytes += chunk.byteLength;
		if (bytes >= MAX_REPORT_BYTES) break;
	}
	const text = Buffer.concat(chunks).toString();
	const reported = reportedIn(text);
	return reported === undefined
		? malformedError(exchange, `it is ${contentType} instead of audio`, text)
		: openAiErrors.reportedError(exchange, reported);
}

function reportedIn(text: string): unknown {
	try {
		return openAiErrors.reported(parseJson(text));
	} catch {
		return undefined;
	}
}
