import type { JsonValue } from "../../../../generated/ir/json.ts";

/**
 * Numbers of values: the same for equal values, whatever the order of their members. Reads each object once, however many values contain
 * it. Texts of values would be written again at each level of a schema.
 */
export class ValueIds {
	readonly #scalars = new Map<JsonValue, number>();
	/** Numbers of lists and objects, by the numbers of their members. */
	readonly #composites = new Map<string, number>();
	readonly #known = new WeakMap<object, number>();
	#count = 0;

	/** Returns the number of a value. */
	of(value: JsonValue): number {
		if (typeof value !== "object" || value === null) return this.#number(this.#scalars, value);
		const known = this.#known.get(value);
		if (known !== undefined) return known;
		const id = this.#number(this.#composites, this.#key(value));
		this.#known.set(value, id);
		return id;
	}

	/** Returns the first value of each number. */
	distinct(values: readonly JsonValue[]): JsonValue[] {
		if (values.length < 2) return [...values];
		const first = new Map<number, JsonValue>();
		for (const value of values) {
			const id = this.of(value);
			if (!first.has(id)) first.set(id, value);
		}
		return [...first.values()];
	}

	#key(value: JsonValue & object): string {
		if (Array.isArray(value)) return `[${value.map((item) => this.of(item)).join()}`;
		const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
		return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${this.of(member)}`).join()}`;
	}

	#number<T>(numbers: Map<T, number>, key: T): number {
		const known = numbers.get(key);
		if (known !== undefined) return known;
		numbers.set(key, ++this.#count);
		return this.#count;
	}
}
