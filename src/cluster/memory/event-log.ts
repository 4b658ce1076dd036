import { EVENT_OVERHEAD_BYTES, MAX_EVENTS_PER_CALL } from "../run-bounds.ts";
import { formatPosition, type RunPosition } from "../run-position.ts";
import type { RunEvent } from "../runs.ts";

interface Entry extends RunPosition {
	readonly attempt: number;
	readonly content: Uint8Array;
}

/** The last events of a run, bounded in bytes. */
export class EventLog {
	readonly #maxBytes: number;
	readonly #entries: Entry[] = [];
	#bytes = 0;
	#count = 0;

	constructor(maxBytes: number) {
		this.#maxBytes = maxBytes;
	}

	append(attempt: number, content: Uint8Array): void {
		this.#count += 1;
		this.#entries.push({ offset: this.#bytes, ordinal: this.#count, attempt, content: Uint8Array.from(content) });
		this.#bytes += content.length + EVENT_OVERHEAD_BYTES;
		const start = this.#bytes - this.#maxBytes;
		const kept = this.#entries.findIndex(({ offset }) => offset >= start);
		this.#entries.splice(0, kept === -1 ? this.#entries.length : kept);
	}

	/**
	 * Returns events after a position. `gap` is true if events in between were dropped, and `more` is true if further events follow.
	 *
	 * @param mostBytes Bound of the sum of the contents. At least one event is returned.
	 */
	after({ ordinal }: RunPosition, mostBytes: number): { readonly events: RunEvent[]; readonly gap: boolean; readonly more: boolean } {
		const later = this.#entries.filter((entry) => entry.ordinal > ordinal);
		const events: RunEvent[] = [];
		let bytes = 0;
		for (const { offset, ordinal: number, attempt, content } of later.slice(0, MAX_EVENTS_PER_CALL)) {
			bytes += content.length;
			if (events.length > 0 && bytes > mostBytes) break;
			events.push({ position: formatPosition({ offset, ordinal: number }), attempt, content });
		}
		const first = later[0]?.ordinal ?? this.#count + 1;
		return { events, gap: first > ordinal + 1, more: later.length > events.length };
	}
}
