import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { countScalars } from "../../../kit/chat/scalars.ts";
import { countOf, isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";

/** A source that the answer cites, as the API reports it. */
interface Source {
	/** Offsets in bytes of UTF-8. Absent: the source is that of the whole text. */
	readonly range?: { readonly start: number; readonly end: number } | undefined;
	readonly url: string | undefined;
	readonly title: string | undefined;
}

/**
 * Returns the citations of an answer's text, with ranges in scalar values. The API counts bytes of UTF-8. A range is left out if the text has
 * another content there than the API says.
 *
 * @param citations Items of `citationMetadata`.
 * @param grounding The value of `groundingMetadata`.
 * @see https://ai.google.dev/api/generate-content#citationmetadata
 * @see https://ai.google.dev/gemini-api/docs/google-search
 */
export function citationsOf(text: string, citations: readonly JsonObject[], grounding: unknown): cchat.Annotation[] {
	const bytes = Buffer.from(text);
	const sources = [...citations.map((citation) => citationSource(citation, bytes)), ...groundingSources(grounding, bytes)];
	const scalars = scalarsAt(
		bytes,
		sources.flatMap(({ range }) => (range === undefined ? [] : [range.start, range.end])),
	);
	return sources.map(({ range = { start: 0, end: bytes.length }, url, title }) => ({
		...(url === undefined ? {} : { url }),
		...(title === undefined ? {} : { title }),
		start_index: scalars(range.start),
		end_index: scalars(range.end),
	}));
}

function citationSource(citation: JsonObject, bytes: Buffer): Source {
	return { range: rangeOf(citation, bytes), url: textOf(citation.uri), title: textOf(citation.title) };
}

function groundingSources(grounding: unknown, bytes: Buffer): Source[] {
	if (!isObject(grounding)) return [];
	const chunks = list(grounding.groundingChunks).map(chunkSource);
	const supports = list(grounding.groundingSupports);
	if (supports.length === 0) return chunks.flatMap((source) => source ?? []);
	return supports.flatMap(({ segment, groundingChunkIndices }) => {
		const range = isObject(segment) ? rangeOf(segment, bytes) : undefined;
		const indices: readonly unknown[] = Array.isArray(groundingChunkIndices) ? groundingChunkIndices : [];
		return indices.flatMap((index) => {
			const source = chunks[countOf(index) ?? -1];
			return source === undefined ? [] : [{ ...source, range }];
		});
	});
}

/** Returns the source of a chunk, whatever its kind: `web`, `retrievedContext`, `maps`, and later ones. */
function chunkSource(chunk: JsonObject): Source | undefined {
	const source = Object.values(chunk).find(isObject);
	return source === undefined ? undefined : { url: textOf(source.uri), title: textOf(source.title) };
}

/** Returns the range of a segment. An absent start is zero. */
function rangeOf(segment: JsonObject, bytes: Buffer): Source["range"] {
	const start = countOf(segment.startIndex) ?? 0;
	const end = countOf(segment.endIndex);
	if (end === undefined || end <= start || end > bytes.length) return undefined;
	const said = textOf(segment.text);
	const isSaid = said === undefined || (Buffer.byteLength(said) === end - start && bytes.toString("utf8", start, end) === said);
	return isSaid ? { start, end } : undefined;
}

/** Returns a function from byte offsets to the number of scalar values before them. Reads the text once. */
function scalarsAt(bytes: Buffer, offsets: readonly number[]): (offset: number) => number {
	const counts = new Map<number, number>();
	let [at, count] = [0, 0];
	for (const offset of [0, ...offsets, bytes.length].sort((a, b) => a - b)) {
		count += countScalars(bytes.toString("utf8", at, offset));
		at = offset;
		counts.set(offset, count);
	}
	return (offset) => counts.get(offset) ?? 0;
}

function list(value: unknown): readonly JsonObject[] {
	return Array.isArray(value) ? value.filter(isObject) : [];
}
