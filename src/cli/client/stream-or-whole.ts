import { SpearError } from "../../errors/spear-error.ts";

/**
 * Yields the events of a stream. If no backend can stream the answer, yields the events of the whole answer instead.
 *
 * @throws The failure of the stream, or that of the whole answer.
 */
export async function* streamOrWhole<E>(stream: () => AsyncIterable<E>, whole: () => AsyncIterable<E>): AsyncGenerator<E, void, void> {
	let hasBegun = false;
	try {
		for await (const event of stream()) {
			hasBegun = true;
			yield event;
		}
		return;
	} catch (thrown) {
		if (hasBegun || !isUnserved(thrown)) throw thrown;
	}
	yield* whole();
}

function isUnserved(thrown: unknown): boolean {
	return thrown instanceof SpearError && (thrown.code === "missing_capabilities" || thrown.code === "no_candidate_backend");
}
