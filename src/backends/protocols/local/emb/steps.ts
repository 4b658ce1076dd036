/** Most tokens of a step, with the padding of its texts to the longest of them. About a third of a second on one slow processor. */
const MAX_STEP_TOKENS = 512;

/** A text as tokens, with its place in the request. */
export interface EncodedText {
	readonly place: number;
	readonly ids: readonly number[];
}

/** Yields groups of texts to evaluate together. Texts of similar lengths share a group, because the model pads all of them to the longest. */
export function* steps(texts: readonly EncodedText[]): Generator<readonly EncodedText[], void, void> {
	let step: EncodedText[] = [];
	for (const text of texts.toSorted((a, b) => a.ids.length - b.ids.length)) {
		if (step.length > 0 && (step.length + 1) * text.ids.length > MAX_STEP_TOKENS) {
			yield step;
			step = [];
		}
		step.push(text);
	}
	if (step.length > 0) yield step;
}
