/** The expressions that carry a value between its WIT shape and its IR shape, by the functions of `generated/ir/convert/`. */
import type { TypeRef } from "../../model/model.ts";
import { camelCase } from "../names.ts";
import type { HostScope } from "./scope.ts";

export type Direction = "toIr" | "fromIr";

/** `value` converted; `value` itself when both shapes are the same. A value that is not a simple name must be used only once. */
export function convert(type: TypeRef, value: string, direction: Direction, scope: HostScope): string {
	const apply = converter(type, direction, scope);
	return apply === undefined ? value : apply(value);
}

/** Whether the converted expression mentions its value more than once, so that the value has to have a name. */
export function mentionsTwice(type: TypeRef, direction: Direction, scope: HostScope): boolean {
	return type.kind === "option" && converter(type.some, direction, scope) !== undefined;
}

function converter(type: TypeRef, direction: Direction, scope: HostScope): ((value: string) => string) | undefined {
	switch (type.kind) {
		case "handle":
			if (direction === "fromIr") return (value) => `new ${scope.handleClass(type.def)}(${value}, context)`;
			return (value) => (type.mode === "own" ? `${value}.release()` : `${value}.value`);
		case "option": {
			const inner = converter(type.some, direction, scope);
			return inner && ((value) => `${value} === undefined ? undefined : ${inner(value)}`);
		}
		case "list": {
			const inner = converter(type.element, direction, scope);
			return inner && ((value) => `${value}.map((item) => ${inner("item")})`);
		}
		case "named": {
			const name = scope.conversion(type.def, direction);
			return name === undefined ? undefined : (value) => `${name}(${value})`;
		}
		default:
			return undefined;
	}
}
