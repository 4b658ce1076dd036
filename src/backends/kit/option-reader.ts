import { BackendConfigError } from "../backend.ts";
import { isObject } from "./json/guards.ts";

/** Reads an instance's options. Wrong values and unknown names are errors that name the option. */
export class OptionReader {
	readonly #instance: string;
	readonly #path: string;
	readonly #values: Readonly<Record<string, unknown>>;
	readonly #known = new Set<string>();

	constructor(instance: string, values: Readonly<Record<string, unknown>>, path = "options") {
		this.#instance = instance;
		this.#values = values;
		this.#path = path;
	}

	/** Reads a boolean. */
	boolean(name: string): boolean | undefined {
		const value = this.#take(name);
		if (value === undefined || typeof value === "boolean") return value;
		throw this.error(name, "must be true or false");
	}

	/** Reads a string that is not empty. `allowed` lists the valid values; the default is any. */
	string(name: string): string | undefined;
	string<T extends string>(name: string, allowed: readonly T[]): T | undefined;
	string(name: string, allowed?: readonly string[]): string | undefined {
		const value = this.#take(name);
		if (value === undefined) return undefined;
		if (typeof value !== "string" || value === "") throw this.error(name, "must be a string that is not empty");
		if (allowed !== undefined && !allowed.includes(value)) throw this.error(name, `must be one of ${allowed.join(", ")}, not "${value}"`);
		return value;
	}

	/** Reads a whole number within the bounds, both included. */
	integer(name: string, bounds: { readonly min: number; readonly max: number }): number | undefined {
		const value = this.#take(name);
		if (value === undefined) return undefined;
		if (typeof value === "number" && Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
		throw this.error(name, `must be a whole number from ${bounds.min} to ${bounds.max}`);
	}

	/** Reads a list of names, or `true` for all names. Returns `undefined` for `false`. */
	namesOrAll(name: string): readonly string[] | true | undefined {
		const value = this.#take(name);
		if (value === undefined || value === false) return undefined;
		if (value === true) return true;
		if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
		throw this.error(name, "must be true, false or a list of names");
	}

	/** Reads a list with items of any type. */
	list(name: string): readonly unknown[] | undefined {
		const value = this.#take(name);
		if (value === undefined || Array.isArray(value)) return value;
		throw this.error(name, "must be a list");
	}

	/** Reads a table. Returns an empty one if it is absent. */
	table(name: string): OptionReader {
		const value = this.#take(name) ?? {};
		if (!isObject(value)) throw this.error(name, "must be a table");
		return new OptionReader(this.#instance, value, `${this.#path}.${name}`);
	}

	/** Throws for an option that was not read. Call it last. */
	finish(): void {
		const unknown = Object.keys(this.#values).find((name) => !this.#known.has(name));
		if (unknown !== undefined) throw this.error(unknown, `is not an option; the options are ${[...this.#known].join(", ")}`);
	}

	/** Returns the error for an option. `message` continues the sentence that its name begins. */
	error(name: string, message: string): BackendConfigError {
		return new BackendConfigError(this.#instance, `${this.#path}.${name} ${message}`);
	}

	#take(name: string): unknown {
		this.#known.add(name);
		return this.#values[name];
	}
}
