import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { batched, batchesOf } from "../../../async/batched.ts";

/** Most downgrades of a field that are reported one by one. More explain nothing, and a guest could ask for a long report. */
const MAX_OF_FIELD = 16;

/** Downgrades of one request that only its translation finds, such as the keywords that a schema loses. The answer carries them. */
export class RequestDowngrades {
	/** Created for the first downgrade: few requests have any. */
	#byField: Map<string, types.Downgrade[]> | undefined;

	/** Records a downgrade. */
	add(downgrade: types.Downgrade): void {
		this.#byField ??= new Map();
		const known = this.#byField.get(downgrade.field);
		if (known === undefined) this.#byField.set(downgrade.field, [downgrade]);
		else known.push(downgrade);
	}

	/** The downgrades by field, at most 17 of each: `changed` last, and the number of those that are left out. */
	get all(): types.Downgrade[] {
		return [...(this.#byField?.values() ?? [])].flatMap((downgrades) => {
			const sorted = downgrades.toSorted((a, b) => Number(a.effect === "changed") - Number(b.effect === "changed"));
			const [first] = sorted.slice(MAX_OF_FIELD);
			if (first === undefined) return sorted;
			return [...sorted.slice(0, MAX_OF_FIELD), { ...first, detail: `${sorted.length - MAX_OF_FIELD} more differences of this field` }];
		});
	}

	/** Returns an answer with the downgrades behind its own. */
	in(response: cchat.Response): cchat.Response {
		return this.#byField === undefined ? response : { ...response, downgrades: [...(response.downgrades ?? []), ...this.all] };
	}

	/** Returns the event, which has the downgrades if it completes an answer. */
	inEvent(event: cchat.Event): cchat.Event {
		return event.type === "completed" ? { type: "completed", completed: this.in(event.completed) } : event;
	}

	/** Returns the events of an answer, with the downgrades in the last one. The same object if there are none. */
	inEvents(events: AsyncIterable<cchat.Event>): AsyncIterable<cchat.Event> {
		return this.#byField === undefined ? events : batched(this.#inEach(batchesOf(events)));
	}

	async *#inEach(batches: AsyncIterable<readonly cchat.Event[]>): AsyncGenerator<readonly cchat.Event[], void, void> {
		for await (const batch of batches) yield batch.map((event) => this.inEvent(event));
	}
}
