import type { CoreSignature } from "../binary/core-interface.ts";

/** A function that the host offers to core modules. */
export interface OfferedImport {
	readonly module: string;
	readonly name: string;
	readonly signature: CoreSignature;
}

/** Functions that the host offers to core modules, by module and name. */
export class OfferedImports {
	readonly #modules = new Map<string, Map<string, OfferedImport>>();

	constructor(offered: Iterable<OfferedImport>) {
		for (const each of offered) {
			const names = this.#modules.get(each.module) ?? new Map<string, OfferedImport>();
			this.#modules.set(each.module, names.set(each.name, each));
		}
	}

	/** Names of the modules. */
	get modules(): readonly string[] {
		return [...this.#modules.keys()];
	}

	/** Returns a function of a module, or `undefined` if the host does not offer it. */
	find(module: string, name: string): OfferedImport | undefined {
		return this.#modules.get(module)?.get(name);
	}

	/** Returns the names of a module that begin with the same word: those of `cchat_stream` with `cchat_`. All names if there are none. */
	similar(module: string, name: string): string[] {
		const names = [...(this.#modules.get(module)?.keys() ?? [])];
		const word = `${name.split("_")[0]}_`;
		const alike = names.filter((each) => each.startsWith(word));
		return alike.length > 0 ? alike : names;
	}
}
