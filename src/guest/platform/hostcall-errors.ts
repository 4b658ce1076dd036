import { hostcallText } from "../errors.ts";

const { toString: plainText } = Error.prototype;

/** Shows the code and the message of a failed hostcall in its text. The engine's own message is that of any object. */
export function showHostcallErrors(): void {
	const value = function (this: Error): string {
		return (Object.hasOwn(this, "payload") ? hostcallText(this) : undefined) ?? plainText.call(this);
	};
	Object.defineProperty(Error.prototype, "toString", { value, writable: true, configurable: true });
}
