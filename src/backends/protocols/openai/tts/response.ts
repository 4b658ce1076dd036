import type * as tts from "../../../../../generated/ir/tts.ts";
import type { BytesAnswer } from "../../../../transport/http/answer.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { SPEECH_TYPES, type Speech } from "../../../kit/speech/events.ts";
import { openAiReportedError, reportedError } from "../errors.ts";

/** The rate of bare samples, in Hz, where the upstream does not say another. */
const PCM_RATE = 24_000;

/** How much of an answer that is no audio is read to find out what it says. */
const MAX_REPORT_BYTES = 64 * 1024;

/** What servers call the types that we call otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
	"audio/mp3": "audio/mpeg",
	"audio/x-mp3": "audio/mpeg",
	"audio/wave": "audio/wav",
	"audio/x-wav": "audio/wav",
	"audio/vnd.wave": "audio/wav",
	"audio/opus": "audio/ogg",
	"application/ogg": "audio/ogg",
	"audio/x-flac": "audio/flac",
	"audio/aacp": "audio/aac",
	"audio/x-aac": "audio/aac",
	"audio/x-pcm": "audio/pcm",
};

/**
 * The audio of an answer. Its type is the one the upstream gives, when that is one of audio, else that of the format asked for.
 *
 * @throws SpearError `backend_error` when the answer is none of audio, or what the upstream reports in place of it.
 */
export async function speechOf(answer: BytesAnswer, asked: tts.AudioFormat): Promise<Speech> {
	const { contentType, exchange, headers } = answer;
	if (contentType !== undefined && /^text\/|json$|xml$/.test(contentType)) throw await reportOf(answer);
	const said = contentType === undefined ? undefined : (ALIASES[contentType] ?? contentType);
	const mimeType = said?.startsWith("audio/") ? said : SPEECH_TYPES[asked];
	return {
		mimeType,
		pieces: notEmpty(answer.chunks, exchange),
		...(mimeType === SPEECH_TYPES.pcm ? { pcmRate: rateOf(headers["content-type"]) } : {}),
	};
}

/** Some servers say the rate as a parameter of the media type, e.g. `audio/pcm;rate=16000`. */
function rateOf(contentType: string | undefined): number {
	const [, rate] = /;\s*rate="?(\d{4,6})\b/i.exec(contentType ?? "") ?? [];
	return rate === undefined ? PCM_RATE : Number(rate);
}

async function* notEmpty(pieces: AsyncIterable<Uint8Array>, exchange: Exchange): AsyncGenerator<Uint8Array, void, void> {
	let bytes = 0;
	for await (const piece of pieces) {
		bytes += piece.byteLength;
		yield piece;
	}
	if (bytes === 0) throw malformedError(exchange, "it holds no audio");
}

/** The error for an answer that is text. */
async function reportOf({ contentType, exchange, chunks: body }: BytesAnswer): Promise<Error> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const piece of body) {
		chunks.push(piece);
		bytes += piece.byteLength;
		if (bytes >= MAX_REPORT_BYTES) break;
	}
	const text = Buffer.concat(chunks).toString();
	const reported = reportedIn(text);
	return reported === undefined
		? malformedError(exchange, `it is ${contentType} instead of audio`, text)
		: openAiReportedError(exchange, reported);
}

function reportedIn(text: string): unknown {
	try {
		return reportedError(JSON.parse(text));
	} catch {
		return undefined;
	}
}
