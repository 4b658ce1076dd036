import { webAssembly } from "../web-assembly.ts";

/** A mutable global variable of a core instance, of type `i32`. */
export interface MutableGlobal {
	value: number;
}

const Global: unknown = Reflect.get(webAssembly, "Global");
const Suspending: unknown = Reflect.get(webAssembly, "Suspending");

/** Returns true for a global variable of WebAssembly that holds a number. */
export function isGlobal(value: unknown): value is MutableGlobal {
	return typeof Global === "function" && value instanceof Global && typeof Reflect.get(value, "value") === "number";
}

/** Returns an import that suspends the guest's stack until the promise of `start` resolves. */
export function suspending(start: () => Promise<void>): unknown {
	if (typeof Suspending !== "function")
		throw new TypeError("this Node lacks WebAssembly.Suspending; use Node 24 without flags that turn it off");
	return Reflect.construct(Suspending, [start]);
}
