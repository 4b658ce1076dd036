import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import { plain, same } from "../same.ts";

/**
 * Asserts that two lists of events are equal. Neighbouring events of audio count as one, because their bounds follow the chunks of the
 * connection.
 */
export function sameEvents(actual: readonly unknown[], expected: readonly unknown[], what: string): void {
	same(joined(actual), joined(expected), what);
}

/** Returns true if a list of events is the beginning of another one. The last event of audio may be shorter. */
export function isBeginning(events: readonly unknown[], all: readonly unknown[]): boolean {
	const expected = joined(all);
	return joined(events).every((event, index) => {
		const other = expected[index];
		const [bytes, allBytes] = [audioOf(event), audioOf(other)];
		if (bytes !== undefined && allBytes !== undefined) return bytes.every((byte, place) => byte === allBytes[place]);
		return isDeepStrictEqual(plain(event), plain(other));
	});
}

/** Returns the events with neighbouring audio joined. */
function joined(events: readonly unknown[]): unknown[] {
	const all: unknown[] = [];
	let audio: Uint8Array[] = [];
	const flush = (): void => {
		if (audio.length > 0) all.push({ type: "audio", audio: new Uint8Array(Buffer.concat(audio)) });
		audio = [];
	};
	for (const event of events) {
		const bytes = audioOf(event);
		if (bytes !== undefined) audio.push(bytes);
		else {
			flush();
			all.push(event);
		}
	}
	flush();
	return all;
}

function audioOf(event: unknown): Uint8Array | undefined {
	if (typeof event !== "object" || event === null || !("audio" in event)) return undefined;
	return event.audio instanceof Uint8Array ? event.audio : undefined;
}
