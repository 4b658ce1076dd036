import type { HostFunction } from "../../../../generated/abi/component/lowering/runtime.ts";
import { payloadOf } from "./component-error.ts";

/** True for a function that was written as `async`. */
export function isAsynchronous(target: HostFunction): boolean {
	return Object.prototype.toString.call(target) === "[object AsyncFunction]";
}

/**
 * Returns a function of the host that takes and gives what the lowering does.
 *
 * @param throws True if the WIT type of the answer is a result: `target` returns the value or throws the error.
 * @param name Name of the function, for messages.
 */
export function officialFunction(target: HostFunction, throws: boolean, name: string): HostFunction {
	if (isAsynchronous(target)) {
		return async function (this: unknown, ...args) {
			if (!throws) return Reflect.apply(target, this, args);
			try {
				return { tag: "ok", val: await Reflect.apply(target, this, args) };
			} catch (thrown) {
				return { tag: "err", val: payloadOf(thrown) };
			}
		};
	}
	return function (this: unknown, ...args) {
		let answer: unknown;
		try {
			answer = Reflect.apply(target, this, args);
		} catch (thrown) {
			if (!throws) throw thrown;
			return { tag: "err", val: payloadOf(thrown) };
		}
		if (answer instanceof Promise) {
			// The fault below is the one to report.
			answer.catch(() => {});
			throw new TypeError(`the import ${name} returned a promise: write it as an \`async\` function, so that the guest waits for it`);
		}
		return throws ? { tag: "ok", val: answer } : answer;
	};
}
