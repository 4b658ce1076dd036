import type { FunctionLowering, HostFunction } from "../../../../generated/abi/component/lowering/runtime.ts";
import { payloadOf } from "./component-error.ts";
import { FunctionCheck } from "./function-check.ts";

/** True for a function that was written as `async`. */
export function isAsynchronous(target: HostFunction): boolean {
	return Object.prototype.toString.call(target) === "[object AsyncFunction]";
}

/**
 * Returns a function of the host that takes and gives what the lowering does. An answer of another type is a `TypeError`, and a fault of the host.
 *
 * @param lowering the generated code of the function. If it throws, the WIT type of the answer is a result: `target` returns the value or throws the
 *   error.
 * @param name Name of the function, for messages.
 */
export function officialFunction(target: HostFunction, lowering: Pick<FunctionLowering, "key" | "throws">, name: string): HostFunction {
	const throws = lowering.throws === true;
	const check = FunctionCheck.of(lowering);
	const answered = (value: unknown): unknown => {
		check.answer(name, value);
		return throws ? { tag: "ok", val: value } : value;
	};
	const failed = (thrown: unknown): unknown => {
		if (!throws) throw thrown;
		const payload = payloadOf(thrown);
		check.payload(name, payload);
		return { tag: "err", val: payload };
	};
	if (isAsynchronous(target)) {
		return async function (this: unknown, ...args) {
			let answer: unknown;
			try {
				answer = await Reflect.apply(target, this, args);
			} catch (thrown) {
				return failed(thrown);
			}
			return answered(answer);
		};
	}
	return function (this: unknown, ...args) {
		let answer: unknown;
		try {
			answer = Reflect.apply(target, this, args);
		} catch (thrown) {
			return failed(thrown);
		}
		if (answer instanceof Promise) {
			// The fault below is the one to report.
			answer.catch(() => {});
			throw new TypeError(`the import ${name} returned a promise: write it as an \`async\` function, so that the guest waits for it`);
		}
		return answered(answer);
	};
}
