import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import { firstUsableIndex } from "./first-usable.ts";
import type { Picker } from "./policy.ts";

/** Picks the instances in turn, whatever their weights. */
export class RoundRobin implements Picker {
	#active: readonly Instance[] = [];
	#last: Instance | undefined;
	/** Index of the next instance in turn. */
	#turn = 0;

	/** Continues after the instance that was picked last, or at the first remaining one after it. Otherwise each change would favour the first. */
	update(active: readonly Instance[]): void {
		const before = this.#active;
		this.#active = active;
		const lastIndex = this.#last === undefined ? -1 : active.indexOf(this.#last);
		if (lastIndex !== -1) {
			this.#turn = lastIndex + 1;
			return;
		}
		const indexOf = new Map(active.map((instance, index) => [instance, index]));
		for (let step = 0; step < before.length; step++) {
			const instance = before[(this.#turn + step) % before.length];
			const index = instance === undefined ? undefined : indexOf.get(instance);
			if (index === undefined) continue;
			this.#turn = index;
			return;
		}
	}

	pick(context: PickContext): Instance | undefined {
		const index = firstUsableIndex(this.#turn, this.#active, context);
		if (index === -1) return undefined;
		this.#turn = index + 1;
		this.#last = this.#active[index];
		if (this.#last !== undefined) context.consider(this.#last);
		return this.#last;
	}
}
