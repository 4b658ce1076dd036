import { ConfigError, type ConfigFault } from "./config-error.ts";
import { type ConfigPath, spellPath } from "./config-path.ts";
import type { ConfigDocument, FaultyPart } from "./document.ts";

export interface FaultOptions {
	/** The part of the member that is at fault. The default is its value. */
	readonly part?: FaultyPart;
	/** True for a backend kind that this build omits. The default is false. */
	readonly notEnabled?: boolean;
	/** The failure behind the fault. The default is none. */
	readonly cause?: unknown;
}

interface FoundFault extends Required<Omit<FaultOptions, "cause">>, Pick<FaultOptions, "cause"> {
	readonly path: ConfigPath;
	readonly message: string;
}

/** Bounds the faults that get a suggestion: each is compared with every known name. */
const MAX_SUGGESTIONS = 100;

/** Collects the faults of one configuration. Drops a fault that follows from one that was added before. */
export class Faults {
	readonly document: ConfigDocument;
	/** False if the search has ended early. */
	complete = true;
	readonly #found: FoundFault[] = [];
	readonly #paths = new Set<string>();
	/** Paths of the values at fault. Nothing within them is worth a report. */
	readonly #values = new Set<string>();
	/** Paths of the tables whose members are at fault. */
	readonly #tables = new Set<string>();
	#originalPath = (path: ConfigPath): ConfigPath => path;

	constructor(document: ConfigDocument) {
		this.document = document;
	}

	/** True while a further fault may be compared with the known names. */
	get suggests(): boolean {
		return this.#found.length < MAX_SUGGESTIONS;
	}

	/**
	 * Sets the function that returns the path in the document of a path in its valid part. Paths differ where items of a list were left
	 * out.
	 */
	usePaths(originalPath: (path: ConfigPath) => ConfigPath): void {
		this.#originalPath = originalPath;
	}

	/**
	 * Adds a fault. Drops a second fault of a member, a fault within a value at fault, and a fault of a table with a member at fault.
	 *
	 * @param message The fault in words, without the path.
	 */
	add(path: ConfigPath, message: string, { part = "value", notEnabled = false, cause }: FaultOptions = {}): void {
		const original = this.#originalPath(path);
		const key = keyOf(original);
		if (this.#paths.has(key) || this.#tables.has(key)) return;
		for (let length = 0; length < original.length; length++) if (this.#values.has(keyOf(original.slice(0, length)))) return;
		this.#paths.add(key);
		if (part === "value") this.#values.add(key);
		if (original.length > 1) this.#tables.add(keyOf(original.slice(0, -1)));
		this.#found.push({ path: original, message, part, notEnabled, cause });
	}

	/** @throws ConfigError with every fault, if there is one. */
	throwIfAny(): void {
		if (this.#found.length === 0) return;
		const { document, complete } = this;
		const sorted = this.#found
			.map((fault) => ({ fault, order: document.order(fault.path, fault.part) }))
			.sort((a, b) => compare(a.order, b.order))
			.map(({ fault }) => this.#describe(fault));
		const code = this.#found.every(({ notEnabled }) => notEnabled) ? "backend_not_enabled" : "invalid_request";
		const cause = this.#found.find((fault) => fault.cause !== undefined)?.cause;
		throw new ConfigError(document.source, sorted, { code, complete, cause });
	}

	#describe({ path, part, message }: FoundFault): ConfigFault {
		const position = this.document.position(path, part);
		return { ...(position === undefined ? {} : { file: this.document.source, ...position }), path: spellPath(path), message };
	}
}

function keyOf(path: ConfigPath): string {
	return JSON.stringify(path);
}

function compare(a: readonly number[], b: readonly number[]): number {
	for (let index = 0; index < Math.max(a.length, b.length); index++) {
		const difference = (a[index] ?? -1) - (b[index] ?? -1);
		if (difference !== 0) return difference;
	}
	return 0;
}
