import type * as asr from "../../../../generated/ir/asr.ts";
import type { CallOptions, MediaRef } from "../../../../generated/ir/types.ts";
import { callOptions } from "../call-options.ts";
import { invalid, unsupported } from "../errors.ts";
import { fieldNames } from "../field-names.ts";
import { Fields, type JsonRecord } from "../fields.ts";

/** Forms of a transcript. */
export const TRANSCRIPT_FORMATS = ["json", "text", "srt", "vtt", "verbose_json", "diarized_json"] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

/** A request for a transcript, as the call that a guest would make. */
export interface TranscriptCall {
	readonly payload: asr.Request;
	readonly options: CallOptions | undefined;
	readonly format: TranscriptFormat;
	/** True for an answer in events. */
	readonly stream: boolean;
}

/** Names the client's member for a path of the host. */
export const transcriptFieldNames = fieldNames([
	["audio", "file"],
	["timestamps", "timestamp_granularities"],
	["diarize", "response_format"],
]);

/**
 * Reads the fields of `POST /v1/audio/transcriptions` or `/v1/audio/translations`.
 *
 * @param audio The uploaded recording.
 * @see https://platform.openai.com/docs/api-reference/audio/createTranscription
 * @see https://platform.openai.com/docs/api-reference/audio/createTranslation
 * @throws RequestError that names the member at fault.
 */
export function transcriptCall(body: JsonRecord, task: asr.Task, audio: MediaRef): TranscriptCall {
	const fields = new Fields(body, "");
	const model = fields.text("model");
	const language = task === "transcribe" ? languageOf(fields.text("language")) : undefined;
	const prompt = fields.text("prompt");
	const temperature = fields.number("temperature", { min: 0, max: 1 });
	const format = fields.oneOf("response_format", TRANSCRIPT_FORMATS) ?? "json";
	const stream = (task === "transcribe" ? fields.boolean("stream") : undefined) ?? false;
	const granularities = granularitiesOf(fields, format);
	if (task === "translate" && format === "diarized_json")
		throw invalid("response_format", "a translation distinguishes no speakers; use json, text, srt, vtt or verbose_json");
	if (stream && (format === "srt" || format === "vtt" || format === "verbose_json"))
		throw invalid("stream", `a transcript as ${format} cannot be streamed; use json, text or diarized_json, or leave out stream`);
	if ((fields.list("include") ?? []).length > 0) throw unsupported("include", "is not supported: the host has no probabilities of tokens");
	const timestamps = granularities ?? (format === "srt" || format === "vtt" || format === "verbose_json" ? (["segment"] as const) : []);
	return {
		payload: {
			audio,
			...(model === undefined ? {} : { model }),
			task,
			...(language === undefined ? {} : { language }),
			...(prompt === undefined ? {} : { prompt }),
			...(timestamps.length === 0 ? {} : { timestamps: [...timestamps] }),
			...(format === "diarized_json" ? { diarize: true } : {}),
			...(temperature === undefined ? {} : { temperature }),
		},
		options: callOptions(fields.fields("spear"), { extra: fields.rest() }),
		format,
		stream,
	};
}

/** Returns the units that receive times. The API has them only with the form that shows them. */
function granularitiesOf(fields: Fields, format: TranscriptFormat): asr.Timestamps | undefined {
	const names = fields.texts("timestamp_granularities");
	if (names === undefined || names.length === 0) return undefined;
	if (format !== "verbose_json") throw invalid("timestamp_granularities", "needs the response_format verbose_json");
	return names.map((name, index) => {
		if (name === "segment" || name === "word") return name;
		throw invalid(`timestamp_granularities[${index}]`, "must be segment or word");
	});
}

/** An empty language is that of clients with an empty field. */
function languageOf(language: string | undefined): string | undefined {
	return language === "" ? undefined : language;
}
