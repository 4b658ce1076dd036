import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import { indexFrom } from "./from.ts";
import type { Picker } from "./policy.ts";

/** Each in turn, whatever its weight. */
export class RoundRobin implements Picker {
	#active: readonly Instance[] = [];
	#last: Instance | undefined;
	#turn = 0;

	update(active: readonly Instance[]): void {
		const before = this.#active;
		this.#active = active;
		// Goes on behind the one that was served last; when that has gone, at the first of those behind it that has not.
		const at = this.#last === undefined ? -1 : active.indexOf(this.#last);
		if (at !== -1) {
			this.#turn = at + 1;
			return;
		}
		const left = new Map(active.map((instance, index) => [instance, index]));
		for (let step = 0; step < before.length; step++) {
			const instance = before[(this.#turn + step) % before.length];
			const place = instance === undefined ? undefined : left.get(instance);
			if (place === undefined) continue;
			this.#turn = place;
			return;
		}
	}

	pick(context: PickContext): Instance | undefined {
		const at = indexFrom(this.#turn, this.#active, context);
		if (at === -1) return undefined;
		this.#turn = at + 1;
		this.#last = this.#active[at];
		if (this.#last !== undefined) context.consider(this.#last);
		return this.#last;
	}
}
