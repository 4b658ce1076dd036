import { BackendConfigError, type BackendConfigFault } from "../backend.ts";
import { isObject } from "./json/guards.ts";

/** Keys and indexes that lead to a member. */
type Path = readonly (string | number)[];

/** Values that an option may have, as far as its reader knows them. */
export type OptionShape =
	| { readonly type: "boolean" }
	| { readonly type: "string"; readonly allowed?: readonly string[] }
	| { readonly type: "integer"; readonly min: number; readonly max: number }
	/** A list of names, or a boolean. */
	| { readonly type: "names" }
	/** A list with items of any type. */
	| { readonly type: "list" }
	/** A table of further options. */
	| { readonly type: "table" }
	/** A table of strings by names of the operator's choice. */
	| { readonly type: "strings" };

/** Receives each option with its shape while a kind reads its options. */
export type OptionObserver = (path: readonly string[], shape: OptionShape) => void;

/** Key of the options under which a tool that describes them passes its observer. No configuration can have the key. */
export const OPTION_OBSERVER: unique symbol = Symbol("observer of the options");

/** Parts that a reader shares with the readers of its tables. */
interface Shared {
	/** Name of the instance. */
	readonly instance: string;
	readonly faults: BackendConfigFault[];
	readonly observe: ((path: Path, shape: OptionShape) => void) | undefined;
}

/**
 * Reads an instance's options. Collects wrong values and unknown names. A wrong value reads as if it were absent, so that the faults
 * behind it are found too; `finish` throws all of them.
 */
export class OptionReader {
	readonly #shared: Shared;
	readonly #path: Path;
	readonly #values: Readonly<Record<string, unknown>>;
	readonly #known = new Set<string>();

	constructor(instance: string, values: Readonly<Record<string, unknown>>);
	constructor(instance: string, values: Readonly<Record<string, unknown>>, path: Path, shared: Shared);
	constructor(instance: string, values: Readonly<Record<string, unknown>>, path: Path = ["options"], shared?: Shared) {
		this.#shared = shared ?? { instance, faults: [], observe: observerIn(values) };
		this.#values = values;
		this.#path = path;
	}

	/** Reads a boolean. */
	boolean(name: string): boolean | undefined {
		const value = this.#take(name, { type: "boolean" });
		if (value === undefined || typeof value === "boolean") return value;
		return this.fault(name, "must be true or false");
	}

	/** Reads a string that is not empty. `allowed` lists the valid values; the default is any. */
	string(name: string): string | undefined;
	string<T extends string>(name: string, allowed: readonly T[]): T | undefined;
	string(name: string, allowed?: readonly string[]): string | undefined {
		const value = this.#take(name, { type: "string", ...(allowed === undefined ? {} : { allowed }) });
		if (value === undefined) return undefined;
		if (typeof value !== "string" || value === "") return this.fault(name, "must be a string that is not empty");
		if (allowed === undefined || allowed.includes(value)) return value;
		return this.fault(name, `must be one of ${allowed.join(", ")}, not "${value}"`);
	}

	/** Reads a whole number within the bounds, both included. */
	integer(name: string, bounds: { readonly min: number; readonly max: number }): number | undefined {
		const value = this.#take(name, { type: "integer", ...bounds });
		if (value === undefined) return undefined;
		if (typeof value === "number" && Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
		return this.fault(
			name,
			`must be a whole number from ${bounds.min} to ${bounds.max}${typeof value === "string" ? ", without quotes" : ""}`,
		);
	}

	/** Reads a list of names, or `true` for all names. Returns `undefined` for `false`. */
	namesOrAll(name: string): readonly string[] | true | undefined {
		const value = this.#take(name, { type: "names" });
		if (value === undefined || value === false) return undefined;
		if (value === true) return true;
		if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
		return this.fault(name, "must be true, false or a list of names");
	}

	/** Reads a list with items of any type. */
	list(name: string): readonly unknown[] | undefined {
		const value = this.#take(name, { type: "list" });
		if (value === undefined || Array.isArray(value)) return value;
		return this.fault(name, "must be a list");
	}

	/** Reads a table. Returns an empty one if it is absent. */
	table(name: string): OptionReader {
		return this.#tableOf(name, this.#take(name, { type: "table" }));
	}

	/** Reads a table of strings that are not empty, by names of the operator's choice. A wrong string reads as `undefined`. */
	strings(name: string): ReadonlyMap<string, string | undefined> {
		const value = this.#take(name, { type: "strings" });
		const table = this.#tableOf(name, value);
		return new Map(Object.keys(isObject(value) ? value : {}).map((key) => [key, table.string(key)]));
	}

	#tableOf(name: string, value: unknown = {}): OptionReader {
		if (!isObject(value)) this.fault(name, "must be a table");
		return new OptionReader(this.#shared.instance, isObject(value) ? value : {}, [...this.#path, name], this.#shared);
	}

	/**
	 * Ends the reading of a table, after its last option. Call it last for the options themselves.
	 *
	 * @throws BackendConfigError with every fault, for the options themselves.
	 */
	finish(): void {
		const known = [...this.#known];
		for (const name of Object.keys(this.#values)) {
			if (this.#known.has(name)) continue;
			this.#shared.faults.push({ path: [...this.#path, name], message: `is not an option; the options are ${known.join(", ")}`, known });
		}
		const { instance, faults } = this.#shared;
		if (this.#path.length === 1 && faults.length > 0) throw configError(instance, faults);
	}

	/** Adds a fault of an option. `message` continues the sentence that its name begins. Returns the value of an absent option. */
	fault(name: string | Path, message: string): undefined {
		this.#shared.faults.push({ path: [...this.#path, ...(typeof name === "string" ? [name] : name)], message });
	}

	/** Adds a fault of a member of the backend itself, such as `base_url`. */
	memberFault(path: Path, message: string): undefined {
		this.#shared.faults.push({ path, message });
	}

	/** Returns an error with the faults so far and one of an option, for a reader that cannot go on. Prefer `fault`. */
	error(name: string, message: string): BackendConfigError {
		this.fault(name, message);
		return configError(this.#shared.instance, this.#shared.faults);
	}

	#take(name: string, shape: OptionShape): unknown {
		this.#known.add(name);
		this.#shared.observe?.([...this.#path, name], shape);
		return this.#values[name];
	}
}

/** Returns the observer that a tool has put into the options. Paths begin below the options. */
function observerIn(values: object): Shared["observe"] {
	const observer: unknown = Reflect.get(values, OPTION_OBSERVER);
	return typeof observer === "function" ? (path, shape) => observer(path.slice(1).map(String), shape) : undefined;
}

function configError(instance: string, faults: readonly BackendConfigFault[]): BackendConfigError {
	return new BackendConfigError(instance, faults.map(({ path, message }) => `${spell(path)} ${message}`).join("; "), [...faults]);
}

function spell(path: Path): string {
	return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}
