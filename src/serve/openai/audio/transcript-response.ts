import type * as asr from "../../../../generated/ir/asr.ts";
import { spearMember } from "../spear-member.ts";
import { tokenUsage } from "../token-usage.ts";
import { srtOf, vttOf } from "./subtitles.ts";
import type { TranscriptFormat } from "./transcript-request.ts";

/** Body of an answer. */
export interface TranscriptBody {
	readonly contentType: string;
	readonly text: string;
}

/**
 * Returns a transcript in the requested form. Members of OpenAI's segments that describe the work of one model, such as `avg_logprob`, are
 * left out: the host does not know them.
 */
export function transcriptBody(response: asr.Response, task: asr.Task, format: TranscriptFormat): TranscriptBody {
	switch (format) {
		case "json":
			return json({ text: response.text, ...usageMember(response), ...spearMember(response) });
		case "text":
			return { contentType: "text/plain; charset=utf-8", text: `${response.text}\n` };
		case "srt":
			return { contentType: "text/plain; charset=utf-8", text: srtOf(segmentsOf(response)) };
		case "vtt":
			return { contentType: "text/plain; charset=utf-8", text: vttOf(segmentsOf(response)) };
		case "verbose_json":
			return json(verbose(response, task));
		case "diarized_json":
			return json({
				task: "transcribe",
				...durationMember(response),
				text: response.text,
				segments: response.segments.map((segment, index) => diarizedSegment(segment, index)),
				...usageMember(response),
				...spearMember(response),
			});
	}
}

/** Returns a segment of a transcript with speakers, which is also an event of its stream. */
export function diarizedSegment({ start, end, text, speaker }: asr.Segment, index: number): Readonly<Record<string, unknown>> {
	return { type: "transcript.text.segment", id: `seg_${index}`, start, end, text, speaker: speaker ?? "unknown" };
}

/** Returns the member `usage`: tokens if the upstream reported them, else the length of the recording. */
export function usageMember({ usage, duration }: asr.Response): { readonly usage?: Readonly<Record<string, unknown>> } {
	const tokens = tokenUsage(usage);
	if (tokens !== undefined) return { usage: { type: "tokens", ...tokens } };
	return duration === undefined ? {} : { usage: { type: "duration", seconds: Math.ceil(duration) } };
}

function verbose(response: asr.Response, task: asr.Task): Readonly<Record<string, unknown>> {
	const { text, language, segments, words } = response;
	return {
		task,
		...(language === undefined ? {} : { language }),
		...durationMember(response),
		text,
		...(segments.length === 0 ? {} : { segments: segments.map(({ start, end, text: said }, id) => ({ id, start, end, text: said })) }),
		...(words.length === 0 ? {} : { words: words.map(({ start, end, text: word }) => ({ word, start, end })) }),
		...usageMember(response),
		...spearMember(response),
	};
}

/** Returns the member `duration`: the length of the recording, or the end of its last segment or word. */
function durationMember({ duration, segments, words }: asr.Response): { readonly duration?: number } {
	const seconds = duration ?? segments.at(-1)?.end ?? words.at(-1)?.end;
	return seconds === undefined ? {} : { duration: seconds };
}

/** Returns segments for subtitles. A transcript whose upstream sent none is one segment. */
function segmentsOf({ segments, text, duration = 0 }: asr.Response): readonly asr.Segment[] {
	return segments.length > 0 || text.trim() === "" ? segments : [{ start: 0, end: duration, text }];
}

function json(value: Readonly<Record<string, unknown>>): TranscriptBody {
	return { contentType: "application/json", text: JSON.stringify(value) };
}
