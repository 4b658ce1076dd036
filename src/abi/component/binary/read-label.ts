import { malformed } from "../../binary/byte-reader.ts";
import type { ComponentReader } from "./component-reader.ts";

/** A label of the component model: words of one case, joined by hyphens. No label holds a character that structures a type key. */
const LABEL = /^(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)(?:-(?:[0-9]+(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)?|[a-z][0-9a-z]*|[A-Z][0-9A-Z]*))*$/;

/** Returns true for a label of the component model. */
export function isLabel(text: string): boolean {
	return LABEL.test(text);
}

/** Reads the label of a field, case, flag or parameter. */
export function readLabel(reader: ComponentReader): string {
	const at = reader.position;
	const label = reader.text();
	if (!isLabel(label)) throw malformed(`the label ${quoted(label)} at byte ${at} is not in kebab case`);
	return label;
}

/** Reads the labels of an enum or a flags type. */
export function readLabels(reader: ComponentReader): string[] {
	const start = reader.position;
	const names = reader.list(() => readLabel(reader));
	refuseDuplicates(
		names.map((name) => ({ name })),
		start,
	);
	return names;
}

/** Refuses names that differ in case only, as the component model does. */
export function refuseDuplicates(items: readonly { readonly name: string }[], at: number): void {
	const seen = new Set<string>();
	for (const { name } of items) {
		const folded = name.toLowerCase();
		if (seen.has(folded)) throw malformed(`the name ${quoted(name)} stands twice in a list at byte ${at}`);
		seen.add(folded);
	}
}

/** Returns a name for a message: shortened, and without characters that would change how a terminal shows the message. */
export function quoted(name: string): string {
	return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name).replace(/[^\x20-\x7e…]/g, "?");
}

/** Adds a name to those of its list, and refuses a name that differs from another in case only. */
export function requireNewName(name: string, seen: Set<string>, at: number): void {
	const folded = name.toLowerCase();
	if (seen.has(folded)) throw malformed(`the name ${quoted(name)} at byte ${at} stands twice among its imports or exports`);
	seen.add(folded);
}
