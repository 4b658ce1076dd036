import { guestName } from "../../errors/guest-name.ts";
import { invalid, unsupported } from "./errors.ts";

/** A JSON object of a client. */
export type JsonRecord = { readonly [name: string]: unknown };

export function isObject(value: unknown): value is JsonRecord {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the value as an object. */
export function objectAt(value: unknown, path: string): JsonRecord {
	if (isObject(value)) return value;
	throw invalid(path, `must be an object, not ${typeName(value)}`);
}

/** Returns the value as a list. */
export function listAt(value: unknown, path: string): readonly unknown[] {
	if (Array.isArray(value)) return value;
	throw invalid(path, `must be a list, not ${typeName(value)}`);
}

/** Returns the value as text. Lone surrogates are refused: no guest can send them, and upstreams treat them differently. */
export function textAt(value: unknown, path: string): string {
	if (typeof value !== "string") throw invalid(path, `must be a string, not ${typeName(value)}`);
	if (!value.isWellFormed()) throw invalid(path, "holds half of a surrogate pair; a character was cut in two");
	return value;
}

/** Range of a number. */
export interface NumberRange {
	readonly min?: number;
	readonly max?: number;
	/** True for whole numbers only. */
	readonly integer?: boolean;
}

/**
 * Reads the members of a JSON object of a client, and remembers those that were read. `null` counts as absent: many clients send all
 * members that they know.
 */
export class Fields {
	readonly #values: JsonRecord;
	/** Path of the object. Empty for the request itself. */
	readonly #path: string;
	readonly #read = new Set<string>();

	/**
	 * @param path Names the object in errors. Empty for the request itself.
	 * @throws RequestError for a value that is no object.
	 */
	constructor(value: unknown, path: string) {
		this.#values = objectAt(value, path);
		this.#path = path;
	}

	/** Returns the path of a member. */
	at(name: string): string {
		return this.#path === "" ? name : `${this.#path}.${name}`;
	}

	/** Reads a member of any type. */
	any(name: string): unknown {
		this.#read.add(name);
		const value = Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
		return value === null ? undefined : value;
	}

	text(name: string): string | undefined {
		const value = this.any(name);
		return value === undefined ? undefined : textAt(value, this.at(name));
	}

	requiredText(name: string): string {
		return this.text(name) ?? this.#missing(name);
	}

	boolean(name: string): boolean | undefined {
		const value = this.any(name);
		if (value === undefined || typeof value === "boolean") return value;
		throw invalid(this.at(name), `must be true or false, not ${typeName(value)}`);
	}

	number(name: string, { min = -Infinity, max = Infinity, integer = false }: NumberRange = {}): number | undefined {
		const value = this.any(name);
		if (value === undefined) return undefined;
		if (typeof value !== "number" || !Number.isFinite(value)) throw invalid(this.at(name), `must be a number, not ${typeName(value)}`);
		if (integer && !Number.isInteger(value)) throw invalid(this.at(name), "must be a whole number");
		if (value < min || value > max) throw invalid(this.at(name), `must be ${rangeName(min, max)}`);
		return value;
	}

	oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
		const value = this.any(name);
		if (value === undefined) return undefined;
		const found = allowed.find((each) => each === value);
		if (found !== undefined) return found;
		const given = typeof value === "string" ? `"${guestName(value)}"` : typeName(value);
		throw invalid(this.at(name), `must be one of ${allowed.join(", ")}, not ${given}`);
	}

	list(name: string): readonly unknown[] | undefined {
		const value = this.any(name);
		return value === undefined ? undefined : listAt(value, this.at(name));
	}

	requiredList(name: string): readonly unknown[] {
		return this.list(name) ?? this.#missing(name);
	}

	texts(name: string): string[] | undefined {
		return this.list(name)?.map((item, index) => textAt(item, `${this.at(name)}[${index}]`));
	}

	object(name: string): JsonRecord | undefined {
		const value = this.any(name);
		return value === undefined ? undefined : objectAt(value, this.at(name));
	}

	/** Returns a reader of the members of a member. */
	fields(name: string): Fields | undefined {
		const value = this.any(name);
		return value === undefined ? undefined : new Fields(value, this.at(name));
	}

	requiredFields(name: string): Fields {
		return this.fields(name) ?? this.#missing(name);
	}

	/** Returns the members that were not read and hold a value. */
	rest(): [name: string, value: unknown][] {
		return Object.entries(this.#values).filter(([name, value]) => value !== null && !this.#read.has(name));
	}

	/** @throws RequestError for the first member that was not read and holds a value. Empty lists ask for nothing. */
	assertNoRest(): void {
		for (const [name, value] of this.rest()) {
			if (Array.isArray(value) && value.length === 0) continue;
			throw unsupported(this.at(guestName(name)), "is not supported; leave it out");
		}
	}

	#missing(name: string): never {
		throw invalid(this.at(name), "is required");
	}
}

/** Returns the type of a value, for a message. */
export function typeName(value: unknown): string {
	if (value === null) return "null";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "number" && !Number.isFinite(value)) return "a number beyond all bounds";
	if (typeof value === "object") return "an object";
	return value === undefined ? "nothing" : `a ${typeof value}`;
}

function rangeName(min: number, max: number): string {
	if (max === Infinity) return `at least ${min}`;
	return min === -Infinity ? `at most ${max}` : `from ${min} to ${max}`;
}
