import type { Target } from "./references.ts";

/** A reference from one definition to another. The name of the outermost schema is empty. */
interface Edge {
	readonly from: string;
	readonly to: string;
	/** True if the reference stands in a property that is not required. */
	readonly isOptional: boolean;
}

/** A definition that a reference needs. */
interface Definition extends Target {
	readonly name: string;
}

/** The definitions of a lowered schema, and the references between them. */
export class Definitions {
	readonly #byPointer = new Map<string, Definition>();
	/** Names in use, with the number to try next for a name that is taken. */
	readonly #names = new Map<string, number>();
	readonly #edges: Edge[] = [];

	/** Returns the definitions in the order of the first references. May grow while it is read. */
	get all(): Iterable<Definition> {
		return this.#byPointer.values();
	}

	/** Records a reference to the outermost schema. */
	referToRoot(from: string, isOptional: boolean): void {
		this.#edges.push({ from, to: "", isOptional });
	}

	/**
	 * Returns the name of a target in `$defs`, and records the reference.
	 *
	 * @param from Name of the definition that the reference stands in.
	 */
	refer(target: Target, from: string, isOptional: boolean): string {
		let known = this.#byPointer.get(target.pointer);
		if (known === undefined) {
			known = { ...target, name: this.#freeName(target.pointer) };
			this.#byPointer.set(target.pointer, known);
		}
		this.#edges.push({ from, to: known.name, isOptional });
		return known.name;
	}

	/**
	 * Returns the name of a definition that contains itself, or `undefined`.
	 *
	 * @param exceptOptional Ignores references in properties that are not required.
	 */
	recursive(exceptOptional: boolean): string | undefined {
		const incoming = new Map<string, number>();
		const outgoing = new Map<string, string[]>();
		for (const { from, to, isOptional } of this.#edges) {
			if (exceptOptional && isOptional) continue;
			incoming.set(to, (incoming.get(to) ?? 0) + 1);
			const list = outgoing.get(from);
			if (list === undefined) outgoing.set(from, [to]);
			else list.push(to);
		}
		// Removes definitions that nothing refers to. Those that remain are in a circle or behind one.
		const free = ["", ...this.#names.keys()].filter((name) => !incoming.has(name));
		for (let name = free.pop(); name !== undefined; name = free.pop()) {
			for (const to of outgoing.get(name) ?? []) {
				const left = (incoming.get(to) ?? 0) - 1;
				incoming.set(to, left);
				if (left === 0) free.push(to);
			}
		}
		for (const [name, count] of incoming) if (count > 0) return name;
		return undefined;
	}

	/** Returns a name that every converter reads: letters, digits, `_`, `.` and `-`. */
	#freeName(pointer: string): string {
		const last = pointer.slice(pointer.lastIndexOf("/") + 1).replace(/[^\w.-]/g, "_");
		const wanted = last === "" ? "root" : last.slice(0, 64);
		let name = wanted;
		for (let count = this.#names.get(wanted) ?? 0; this.#names.has(name); count++) {
			name = `${wanted}_${count + 2}`;
			this.#names.set(wanted, count + 1);
		}
		this.#names.set(name, 0);
		return name;
	}
}
