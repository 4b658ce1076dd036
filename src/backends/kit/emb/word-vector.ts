import { createHash } from "node:crypto";

/** Longest beginning of a text whose words count, in characters. Bounds the work for one text to some 30 ms. */
const MAX_CHARACTERS = 32_768;

/** Length from which a word also counts by its beginning, in characters. Otherwise `bolt` and `bolts` would have nothing in common. */
const STEM = 4;

/** Weight of a word's beginning, and of a word shorter than {@link STEM}. Most short words are in every text. */
const LOW_WEIGHT = 0.5;

/** Number of components that a word changes. More of them make two words more alike by chance, fewer make collisions worse. */
const PLACES = 8;

/**
 * Returns a vector of length one, made of the words of a text without a model. Texts that share words are near: each word adds to a few
 * components, which depend on its hash alone. Case, order, repeated words and punctuation do not count. Synonyms are not near.
 */
export function wordVector(text: string, dimensions: number): Float32Array {
	const words = new Set(
		text
			.slice(0, MAX_CHARACTERS)
			.toLowerCase()
			.match(/[\p{L}\p{N}]+/gu) ?? [text],
	);
	const sum = new Float64Array(dimensions);
	for (const word of words) {
		add(sum, word, word.length < STEM ? LOW_WEIGHT : 1);
		if (word.length > STEM) add(sum, `${word.slice(0, STEM)}…`, LOW_WEIGHT);
	}
	const length = Math.sqrt(sum.reduce((squares, value) => squares + value * value, 0));
	// Words can cancel each other in few dimensions.
	if (length === 0) sum[0] = 1;
	return Float32Array.from(sum, (value) => value / (length || 1));
}

/** Adds a word to the components that its hash names, with the sign that the hash names. */
function add(sum: Float64Array, word: string, weight: number): void {
	const bytes = createHash("sha256").update(word).digest();
	for (let place = 0; place < PLACES; place += 1) {
		const bits = bytes.readUInt32LE(4 * place);
		const at = (bits >>> 1) % sum.length;
		sum[at] = (sum[at] ?? 0) + ((bits & 1) === 0 ? weight : -weight);
	}
}
