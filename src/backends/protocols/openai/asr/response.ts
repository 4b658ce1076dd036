import type * as asr from "../../../../../generated/ir/asr.ts";
import type { JsonAnswer } from "../../../../transport/http/answer.ts";
import { malformedError, missingFeatureError } from "../../../../transport/http/failure.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { openAiErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { joinText } from "./join.ts";
import { languageCode } from "./language.ts";
import type { TranscriptRequest } from "./request.ts";
import { segmentsOf, type Wrong, wordsOf } from "./units.ts";

/**
 * Returns the result of a whole transcript, in any of its JSON forms. Servers put the words of a transcript beside its segments or
 * into them, and some send segments alone.
 *
 * @throws SpearError `backend_error` that names the malformed or missing member; the error that the upstream reports.
 */
export function parseTranscript(answer: JsonAnswer, expected: TranscriptRequest["expected"]): asr.Response {
	const wrong: Wrong = (what) => malformedError(answer.exchange, what, JSON.stringify(answer.value));
	const value = openAiErrors.resultObject(answer, wrong);
	const duration = durationOf(value);
	const segments = segmentsOf(value.segments, duration, wrong);
	const words = wordsOf(value.words, segments, duration, wrong);
	const text = value.text ?? (segments === undefined ? undefined : joinText(segments.map((segment) => segment.text)));
	if (typeof text !== "string") throw wrong("text is missing");
	const found = { segments, words };
	// A recording without speech has no segments.
	const missing = text.trim() === "" ? undefined : expected.find((name) => found[name] === undefined);
	if (missing !== undefined) throw missingFeatureError(answer.exchange, `${missing} is missing although it was requested`);
	return {
		...transcript(text, value),
		segments: (segments ?? []).map(({ segment }) => segment),
		words: words ?? [],
	};
}

/** Returns a transcript without segments and words. */
export function transcript(text: string, value: JsonObject): asr.Response {
	const usage = isObject(value.usage) ? value.usage : {};
	const language = textOf(value.language) ?? soleLanguage(value.languages);
	const duration = durationOf(value);
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

/** Returns the length of the recording, in seconds. */
function durationOf({ duration, usage }: JsonObject): number | undefined {
	return secondsOf(duration) ?? (isObject(usage) ? secondsOf(usage.seconds) : undefined);
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
