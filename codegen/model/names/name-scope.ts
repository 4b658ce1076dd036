/** The allocator of names in generated code. */
import { safeIdentifier } from "./reserved.ts";

/**
 * Names of one scope of generated code: a file, or a function in it. A name that is taken in the scope, around it or within it gets a `_`
 * appended, as often as needed, and so does a reserved word. Names are given in the order asked for, so declarations ask before imports.
 */
export class NameScope {
	readonly #taken: Set<string>;
	readonly #within = new Set<string>();
	readonly #around: NameScope | undefined;

	/** @param taken names that the code of the scope uses by itself */
	constructor(taken: Iterable<string> = [], around?: NameScope) {
		this.#taken = new Set();
		this.#around = around;
		for (const name of taken) this.#record(name);
	}

	/** Returns a free name, as near to the wanted one as can be, and takes it. */
	take(wanted: string): string {
		let name = safeIdentifier(wanted);
		while (this.#within.has(name) || this.#isTaken(name)) name += "_";
		this.#record(name);
		return name;
	}

	/** Returns a scope within this one: its names hide none of this scope, and no later name of this scope is hidden by one of its. */
	inner(taken: Iterable<string> = []): NameScope {
		return new NameScope(taken, this);
	}

	#isTaken(name: string): boolean {
		for (let scope: NameScope | undefined = this; scope !== undefined; scope = scope.#around) if (scope.#taken.has(name)) return true;
		return false;
	}

	#record(name: string): void {
		this.#taken.add(name);
		for (let scope = this.#around; scope !== undefined; scope = scope.#around) scope.#within.add(name);
	}
}
