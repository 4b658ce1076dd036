/** Handles inside the type of a parameter or a result. */
import type { TypeRef } from "../model.ts";

/** True for a handle, or a list or option of handles. A handle anywhere else in a type cannot be bound. */
export function passesHandles(type: TypeRef): boolean {
	if (type.kind === "list") return passesHandles(type.element);
	return type.kind === "handle" || (type.kind === "option" && passesHandles(type.some));
}

/** A type as the element of an array type: in parentheses where it is a union. */
export function elementText(text: string): string {
	return text.includes(" ") ? `(${text})` : text;
}
