import type * as asr from "../../../../../generated/ir/asr.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { fillTimes, type Timed, timeOf, type Untimed } from "./times.ts";

/** Makes the error for a malformed answer. */
export type Wrong = (what: string) => Error;

/** Returns a segment that an event or an answer consists of, if one of its times is known. `path` names the segment in errors. */
export function segmentOf(item: unknown, path: string, wrong: Wrong): asr.Segment {
	const unit = unitOf(item, "text", path, wrong);
	if (unit.start === undefined && unit.end === undefined) throw wrong(`${path}.start is not a time`);
	const [filled = { ...unit, start: 0, end: 0 }] = fillTimes([unit], { start: unit.end, end: unit.start });
	return segment(filled);
}

/** A segment of an answer. */
export interface FoundSegment {
	readonly text: string;
	readonly segment: asr.Segment;
	readonly fields: JsonObject;
}

/** Returns the segments of an answer, or `undefined` if it has none or they have no times. */
export function segmentsOf(segments: unknown, end: number | undefined, wrong: Wrong): FoundSegment[] | undefined {
	const units = unitsOf(segments, "segments", "text", wrong);
	return units && fillTimes(units, { end }).map((unit) => ({ text: unit.text, segment: segment(unit), fields: unit.fields }));
}

/** Returns the words of an answer, or `undefined` if it has none or they have no times. */
export function wordsOf(
	words: unknown,
	segments: readonly FoundSegment[] | undefined,
	end: number | undefined,
	wrong: Wrong,
): asr.Word[] | undefined {
	const own = unitsOf(words, "words", "word", wrong);
	const nested = own === undefined || own.length === 0 ? nestedWords(segments ?? [], wrong) : undefined;
	return nested ?? (own && fillTimes(own, { end }).map(word));
}

/** Returns the words inside segments, or `undefined` if no segment has words. */
function nestedWords(segments: readonly FoundSegment[], wrong: Wrong): asr.Word[] | undefined {
	const lists = segments.map(({ segment, fields }, index) => {
		const units = unitsOf(fields.words, `segments[${index}].words`, "word", wrong);
		return units && fillTimes(units, segment).map(word);
	});
	return lists.some((list) => list !== undefined) ? lists.flatMap((list) => list ?? []) : undefined;
}

interface Unit extends Untimed {
	readonly text: string;
	readonly fields: JsonObject;
}

/** Returns the units of a list. `undefined` for no list, and for units without any time. */
function unitsOf(value: unknown, name: string, member: "text" | "word", wrong: Wrong): Unit[] | undefined {
	if (value === undefined || value === null) return undefined;
	if (!Array.isArray(value)) throw wrong(`${name} is not a list`);
	const units = value.map((item, index) => unitOf(item, member, `${name}[${index}]`, wrong));
	return units.length > 0 && units.every(({ start, end }) => start === undefined && end === undefined) ? undefined : units;
}

function unitOf(item: unknown, member: "text" | "word", path: string, wrong: Wrong): Unit {
	if (!isObject(item)) throw wrong(`${path} is not an object`);
	const text = item[member] ?? item.text;
	if (typeof text !== "string") throw wrong(`${path}.${member} is not a string`);
	return {
		start: timeOf(item.start, () => wrong(`${path}.start is not a time`)),
		end: timeOf(item.end, () => wrong(`${path}.end is not a time`)),
		text,
		fields: item,
	};
}

function segment({ start, end, text, fields }: Timed<Unit>): asr.Segment {
	const speaker = textOf(fields.speaker);
	return { start, end, text: text.trim(), ...(speaker === undefined ? {} : { speaker }) };
}

function word({ start, end, text }: Timed<Unit>): asr.Word {
	return { start, end, text: text.trim() };
}
