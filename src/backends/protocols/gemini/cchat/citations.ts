import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { AnswerBlock } from "../../../kit/chat/answer.ts";
import { MAX_CITATIONS } from "../../../kit/chat/part-bounds.ts";
import { countScalars } from "../../../kit/chat/scalars.ts";
import { countOf, isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";

/** A source that the answer cites, as the API reports it. */
interface Source {
	/** Offsets in bytes of UTF-8, as the API counts. Absent: the source is that of the whole text. */
	readonly range?: { readonly start: number; readonly end: number } | undefined;
	readonly url: string | undefined;
	readonly title: string | undefined;
}

/**
 * Collects the sources of an answer. Streams repeat them, and grounding replaces what came before.
 *
 * @see https://ai.google.dev/api/generate-content#citationmetadata
 * @see https://ai.google.dev/gemini-api/docs/google-search
 */
export class Citations {
	readonly #citations = new Map<string, JsonObject>();
	#grounding: unknown;

	/** Adds the sources of a candidate. */
	add({ citationMetadata, groundingMetadata }: JsonObject): void {
		this.#grounding = groundingMetadata ?? this.#grounding;
		const { citations, citationSources } = isObject(citationMetadata) ? citationMetadata : {};
		for (const citation of list(citations ?? citationSources))
			this.#citations.set(`${citation.startIndex} ${citation.endIndex} ${citation.uri}`, citation);
	}

	/** Returns the blocks with their citations. The first text has those of all texts, because the ranges count from its beginning. */
	cite(blocks: AnswerBlock[]): AnswerBlock[] {
		const first = blocks.findIndex(({ type }) => type === "text");
		const block = blocks[first];
		if (block?.type !== "text" || (this.#citations.size === 0 && this.#grounding === undefined)) return blocks;
		const bytes = Buffer.from(blocks.map((other) => (other.type === "text" ? other.text : "")).join(""));
		const sources = [
			...[...this.#citations.values()].map((item) => citationSource(item, bytes)),
			// One more than an answer may have, so that the answer is refused.
			...groundingSources(this.#grounding, bytes).take(MAX_CITATIONS + 1),
		];
		return blocks.with(first, { ...block, citations: annotations(sources, bytes) });
	}
}

/** Returns citations with ranges in scalar values. */
function annotations(sources: readonly Source[], bytes: Buffer): cchat.Annotation[] {
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

/** Yields the sources of grounding. Supports name chunks by two bytes each, so their sources are not all made before some are counted. */
function* groundingSources(grounding: unknown, bytes: Buffer): Generator<Source, void, void> {
	if (!isObject(grounding)) return;
	const chunks = list(grounding.groundingChunks).map(chunkSource);
	const supports = list(grounding.groundingSupports);
	if (supports.length === 0) yield* chunks.filter((source) => source !== undefined);
	for (const { segment, groundingChunkIndices } of supports) {
		const range = isObject(segment) ? rangeOf(segment, bytes) : undefined;
		for (const index of new Set<unknown>(Array.isArray(groundingChunkIndices) ? groundingChunkIndices : [])) {
			const source = chunks[countOf(index) ?? -1];
			if (source !== undefined) yield { ...source, range };
		}
	}
}

/** Returns the source of a chunk, whatever its kind: `web`, `retrievedContext`, `maps`, and later ones. */
function chunkSource(chunk: JsonObject): Source | undefined {
	const source = Object.values(chunk).find(isObject);
	return source === undefined ? undefined : { url: textOf(source.uri), title: textOf(source.title) };
}

/** Returns the range of a segment. An absent start is zero. `undefined` if the text has another content there than the API says. */
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
