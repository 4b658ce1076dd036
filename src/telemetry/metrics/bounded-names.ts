import { OTHER } from "./metric-definition.ts";

/** Longest name as a value of an attribute, in UTF-16 units. */
const MAX_LENGTH = 128;

/** Control characters and separators of lines, which no value may hold. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}]/gu;

/** Returns a name as a value of an attribute: well-formed, without control characters, and not longer than 128 UTF-16 units. */
export function attributeText(name: string): string {
	const text = name
		.slice(0, MAX_LENGTH + 1)
		.toWellFormed()
		.replace(UNSAFE, "\ufffd");
	return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1).toWellFormed()}…`;
}

/**
 * Bounds the distinct values of an attribute whose names others choose. The first names keep their own value, and all further ones are
 * `other`. Names of the configuration always have their own, so that made-up names cannot displace them.
 */
export class BoundedNames {
	readonly #max: number;
	/** Values of the names that have arrived, by name. */
	readonly #values = new Map<string, string>();
	#known: ReadonlyMap<string, string> = new Map();

	/** @param max Number of names, besides those of the configuration. */
	constructor(max: number) {
		this.#max = max;
	}

	/** Replaces the names of the configuration. */
	configure(names: Iterable<string>): void {
		this.#known = new Map([...names].map((name) => [name, attributeText(name)]));
	}

	/**
	 * Returns the value for a name.
	 *
	 * @param isNew False if a name that has not arrived yet must not take one of the places. The default is true.
	 */
	value(name: string, isNew = true): string {
		const known = this.#known.get(name) ?? this.#values.get(name);
		if (known !== undefined) return known;
		// A longer name would be held in memory as it is.
		if (!isNew || this.#values.size >= this.#max) return OTHER;
		const value = attributeText(name);
		if (name.length <= MAX_LENGTH) this.#values.set(name, value);
		else if (!this.#values.has(value)) this.#values.set(value, value);
		return value;
	}
}
