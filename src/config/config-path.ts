import { guestName } from "../errors/guest-name.ts";

/** Keys and indexes that lead to a member of a configuration. */
export type ConfigPath = readonly (string | number)[];

/** Returns a path as the documentation spells it: `backends.main.models[0].name`. A key that TOML must quote is quoted. */
export function spellPath(path: ConfigPath): string {
	return path
		.map((part, index) => {
			if (typeof part === "number") return `[${part}]`;
			const key = /^[A-Za-z0-9_-]+$/.test(part) ? guestName(part) : JSON.stringify(guestName(part));
			return index === 0 ? key : `.${key}`;
		})
		.join("");
}

/** Returns the path of a JSON Pointer into a value. */
export function pathOfPointer(pointer: string, value: unknown): (string | number)[] {
	let node = value;
	return pointer
		.split("/")
		.slice(1)
		.map((part) => {
			const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
			const step = Array.isArray(node) ? Number(name) : name;
			node = memberOf(node, step);
			return step;
		});
}

/** Returns a member of a table or an item of a list. `undefined` if there is none. */
export function memberOf(value: unknown, step: string | number): unknown {
	if (typeof step === "number") return Array.isArray(value) ? value[step] : undefined;
	return isTable(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** Returns the value at a path; `undefined` if there is none. */
export function valueAt(value: unknown, path: ConfigPath): unknown {
	return path.reduce(memberOf, value);
}

/** Returns true for a table. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
