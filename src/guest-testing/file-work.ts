import files from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/** Counts the work on files that is in flight in this thread. No virtual time may pass meanwhile. */
export class FileWork {
	#inFlight = 0;
	#countsHandles = false;

	/** True while an operation on a file has no result. */
	get isInFlight(): boolean {
		return this.#inFlight > 0;
	}

	/** Counts the calls of `node:fs/promises` from now on. Modules that import its functions later, or have done so, call the counted ones. */
	install(): void {
		this.#countMethods(files);
		syncBuiltinESMExports();
	}

	/** Counts the methods of an open file: most are those of the class, and `close` is one of the object. */
	#countHandle(handle: object): void {
		this.#countMethods(handle);
		if (this.#countsHandles) return;
		this.#countsHandles = true;
		this.#countMethods(Object.getPrototypeOf(handle));
	}

	#countMethods(owner: object): void {
		for (const name of Object.getOwnPropertyNames(owner)) {
			const method: unknown = Object.getOwnPropertyDescriptor(owner, name)?.value;
			if (typeof method !== "function" || name === "constructor") continue;
			const counted = this.#counted.bind(this);
			Reflect.set(owner, name, function (this: unknown, ...args: unknown[]) {
				return counted(Reflect.apply(method, this, args));
			});
		}
	}

	/** Counts a promise until it is settled. Returns any other result unchanged. */
	#counted(result: unknown): unknown {
		if (!isPromise(result)) return result;
		this.#inFlight += 1;
		return Promise.resolve(result)
			.then((value: unknown) => {
				if (isFileHandle(value)) this.#countHandle(value);
				return value;
			})
			.finally(() => {
				this.#inFlight -= 1;
			});
	}
}

/** Returns true for a promise, also one of the classes that Node keeps for itself. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
	return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function isFileHandle(value: unknown): value is object {
	return typeof value === "object" && value !== null && "fd" in value && "appendFile" in value;
}
