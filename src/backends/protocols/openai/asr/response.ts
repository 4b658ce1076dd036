import type * as asr from "../../../../../generated/ir/asr.ts";
import type { JsonAnswer } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { resultObject } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { languageCode } from "./language.ts";
import type { TranscriptRequest } from "./request.ts";

/** Makes the error for a malformed answer. */
type Wrong = (what: string) => Error;

/**
 * Returns the result of a whole transcript, in any of its JSON forms.
 *
 * @throws SpearError `backend_error` that names the malformed or missing member; the error that the upstream reports.
 */
export function parseTranscript(answer: JsonAnswer, expected: TranscriptRequest["expected"]): asr.Response {
	const wrong: Wrong = (what) => malformedError(answer.exchange, what, JSON.stringify(answer.value));
	const value = resultObject(answer, wrong);
	const { text } = value;
	if (typeof text !== "string") throw wrong("text is missing");
	// A recording without speech has no segments.
	const missing = text.trim() === "" ? undefined : expected.find((name) => value[name] === undefined || value[name] === null);
	if (missing !== undefined) throw wrong(`${missing} is missing although it was requested`);
	return {
		...transcript(text, value),
		segments: listOf(value.segments, "segments", wrong).map((item, index) => segmentOf(item, `segments[${index}]`, wrong)),
		words: listOf(value.words, "words", wrong).map((item, index) => wordOf(item, `words[${index}]`, wrong)),
	};
}

/** Returns a transcript without segments and words. */
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

/** Returns a segment. `path` names it in errors. */
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

/** Returns the value if it is a time in seconds. Some servers send it as a string. */
function secondsOf(value: unknown): number | undefined {
	const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
	return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** Returns the language of a recording in which exactly one language was detected. */
function soleLanguage(value: unknown): string | undefined {
	if (!Array.isArray(value) || value.length !== 1) return undefined;
	const [only]: unknown[] = value;
	return isObject(only) ? textOf(only.code) : undefined;
}
