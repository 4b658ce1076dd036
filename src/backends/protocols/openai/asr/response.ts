import type * as asr from "../../../../../generated/ir/asr.ts";
import type { JsonAnswer } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { openAiReportedError, reportedError } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { languageCode } from "./language.ts";
import type { TranscriptRequest } from "./request.ts";

/** Makes the error for what is malformed. */
type Wrong = (what: string) => Error;

/**
 * The result in a whole transcript, in any of its JSON forms.
 *
 * @throws SpearError `backend_error` naming the member that is malformed or lacking, or what the upstream reports in place of an
 * answer.
 */
export function parseTranscript({ value, exchange }: JsonAnswer, expected: TranscriptRequest["expected"]): asr.Response {
	const wrong: Wrong = (what) => malformedError(exchange, what, JSON.stringify(value));
	const reported = reportedError(value);
	if (reported !== undefined) throw openAiReportedError(exchange, reported);
	if (!isObject(value)) throw wrong("it is not an object");
	const { text } = value;
	if (typeof text !== "string") throw wrong("text is missing");
	// Where nothing is said, there is nothing to time.
	const lacking = text.trim() === "" ? undefined : expected.find((name) => value[name] === undefined || value[name] === null);
	if (lacking !== undefined) throw wrong(`${lacking} is missing although it was asked for`);
	return {
		...transcript(text, value),
		segments: listOf(value.segments, "segments", wrong).map((item, index) => segmentOf(item, `segments[${index}]`, wrong)),
		words: listOf(value.words, "words", wrong).map((item, index) => wordOf(item, `words[${index}]`, wrong)),
	};
}

/** A transcript's text, and what an upstream says of it as a whole. */
export function transcript(text: string, value: JsonObject): asr.Response {
	const usage = isObject(value.usage) ? value.usage : {};
	const language = textOf(value.language) ?? soleLanguage(value.languages);
	const duration = secondsOf(value.duration) ?? secondsOf(usage.seconds);
	const tokens = usageOf(usage);
	return {
		text,
		...(language === undefined ? {} : { language: languageCode(language) }),
		...(duration === undefined ? {} : { duration }),
		segments: [],
		words: [],
		...(tokens === undefined ? {} : { usage: tokens }),
	};
}

/** A stretch of speech; `path` names it in errors. */
export function segmentOf(item: unknown, path: string, wrong: Wrong): asr.Segment {
	const { start, end, text, fields } = timed(item, "text", path, wrong);
	const speaker = textOf(fields.speaker);
	return { start, end, text: text.trim(), ...(speaker === undefined ? {} : { speaker }) };
}

function wordOf(item: unknown, path: string, wrong: Wrong): asr.Word {
	const { start, end, text } = timed(item, "word", path, wrong);
	return { start, end, text: text.trim() };
}

function timed(item: unknown, member: string, path: string, wrong: Wrong): asr.Word & { fields: JsonObject } {
	if (!isObject(item)) throw wrong(`${path} is not an object`);
	const start = secondsOf(item.start);
	const end = secondsOf(item.end);
	const text = item[member];
	if (start === undefined) throw wrong(`${path}.start is not a time`);
	if (end === undefined) throw wrong(`${path}.end is not a time`);
	if (typeof text !== "string") throw wrong(`${path}.${member} is not a string`);
	return { start, end, text, fields: item };
}

function listOf(value: unknown, name: string, wrong: Wrong): readonly unknown[] {
	if (value === undefined || value === null) return [];
	if (!Array.isArray(value)) throw wrong(`${name} is not a list`);
	return value;
}

/** The value when it is a time in seconds; some servers write it as a string. */
function secondsOf(value: unknown): number | undefined {
	const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
	return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** The language of a recording in which just one was found. */
function soleLanguage(value: unknown): string | undefined {
	if (!Array.isArray(value) || value.length !== 1) return undefined;
	const [only]: unknown[] = value;
	return isObject(only) ? textOf(only.code) : undefined;
}
