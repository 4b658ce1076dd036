import { guestName } from "../../errors/guest-name.ts";
import type { FormFields } from "../multipart/form.ts";
import { invalid } from "./errors.ts";
import type { JsonRecord } from "./fields.ts";

/** Types of the fields of a form. All others are text. */
export interface FieldTypes {
	readonly numbers: readonly string[];
	readonly booleans: readonly string[];
	/** Fields with any number of values. Clients name them with or without `[]` at the end. */
	readonly lists: readonly string[];
}

/**
 * Returns the fields of a form as the members of a JSON object, as if the client had sent JSON. Names with brackets become lists and objects:
 * `include[]`, `chunking_strategy[type]`.
 *
 * @throws RequestError for a field with a value of another type, or with two values.
 */
export function formMembers(form: FormFields, { numbers, booleans, lists }: FieldTypes): JsonRecord {
	const members = new Map<string, unknown>();
	for (const [field, values] of form) {
		const [, name = field, key] = /^([^[\]]{1,100})\[([^[\]]{0,100})\]$/.exec(field) ?? [];
		const isList = key === "" || lists.includes(name);
		if (key !== undefined && key !== "") {
			const present = members.get(name) ?? new Map<string, unknown>();
			if (!(present instanceof Map)) throw invalid(guestName(name), "is given twice");
			present.set(key, single(values, field));
			members.set(name, present);
			continue;
		}
		const before = members.get(name);
		if (before !== undefined && !(isList && Array.isArray(before))) throw invalid(guestName(name), "is given twice");
		if (isList) members.set(name, [...(Array.isArray(before) ? before : []), ...values]);
		else if (numbers.includes(name)) members.set(name, numberOf(single(values, field), name));
		else if (booleans.includes(name)) members.set(name, booleanOf(single(values, field), name));
		else members.set(name, single(values, field));
	}
	return Object.fromEntries([...members].map(([name, value]) => [name, value instanceof Map ? Object.fromEntries(value) : value]));
}

function single(values: readonly string[], field: string): string {
	const [value = "", ...more] = values;
	if (more.length > 0) throw invalid(guestName(field), "is given twice");
	return value;
}

function numberOf(text: string, name: string): number {
	if (!/^-?\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?$/.test(text)) throw invalid(name, `must be a number, not "${guestName(text)}"`);
	return Number(text);
}

/** Clients write true in these ways: JavaScript and curl, Python. */
function booleanOf(text: string, name: string): boolean {
	const word = text.toLowerCase();
	if (word === "true" || word === "1") return true;
	if (word === "false" || word === "0" || word === "") return false;
	throw invalid(name, `must be true or false, not "${guestName(text)}"`);
}
