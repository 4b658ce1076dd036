/** Compares the lock with the WIT of today and says what each difference breaks, and for whom. Additions break no guest. */

import { limitsBreak } from "./limits.ts";
import { diffParts, nameOf } from "./parts.ts";
import type { Reach } from "./reach.ts";
import type { LockItem } from "./signature.ts";

export interface Break {
	readonly code: "breaking-removal" | "breaking-change";
	/** Key of the item in the lock. */
	readonly key: string;
	readonly message: string;
	/** Index into the item's parts today, when the break is at one of them. */
	readonly part?: number;
}

export type LockItems = ReadonlyMap<string, LockItem>;

export function findBreaks(before: LockItems, after: LockItems, reach: ReadonlyMap<string, Reach>): Break[] {
	const breaks: Break[] = [];
	for (const [key, old] of before) {
		const now = after.get(key);
		if (now === undefined) breaks.push(...removal(key, old, before, after));
		else if (now.kind !== old.kind)
			breaks.push(change(key, `\`${key}\` was ${article(old)} and is now ${article(now)}: ${stranded(reach.get(key))}`));
		else breaks.push(...changes(key, old, now, reach.get(key)));
	}
	for (const [key, now] of after) {
		if (now.kind !== "limits" || before.has(key) || !before.has(parentOf(key))) continue;
		if (isPartOf(before, key)) breaks.push(...limitsBreak(key, [], parts(now)).map((each) => change(key, each.message, each.part)));
	}
	return breaks;
}

function removal(key: string, old: LockItem, before: LockItems, after: LockItems): Break[] {
	// What goes with its interface, resource or record is told once, by the largest thing that went.
	const parent = parentOf(key);
	if (parent !== key && before.has(parent) && !after.has(parent)) return [];
	switch (old.kind) {
		case "limits":
			// A limit lifted breaks nobody; a default taken away changes what an absent value means.
			return isPartOf(after, key) ? limitsBreak(key, parts(old), []).map((each) => change(key, each.message)) : [];
		case "interface":
			return [gone(key, `interface \`${key}\` is gone: guests that import it no longer start on this host`)];
		case "func":
			return [
				gone(key, `function \`${key}\` is gone: guests that import it no longer start, and hosts that implement it no longer compile`),
			];
		case "operation":
			return [
				gone(
					key,
					`\`${key}\` is gone: guests that name it through \`transform\`, backends that serve it and host configurations that mention it stop working`,
				),
			];
		case "feature":
			return [
				gone(
					key,
					`\`${key}\` is gone: guests that list it in \`required-features\` get \`invalid-request\`, and host configurations that mention it are refused`,
				),
			];
		case "world":
			return [gone(key, `\`${key}\` is gone: guests that target it can no longer be built`)];
		default:
			return [
				gone(
					key,
					`${old.kind} \`${key}\` is gone: guests whose source names it can no longer be built, and functions that used it have changed`,
				),
			];
	}
}

function changes(key: string, old: LockItem, now: LockItem, reach: Reach | undefined): Break[] {
	switch (old.kind) {
		case "package":
			return versionChange(key, String(old.shape), String(now.shape));
		case "func":
			if (old.shape === now.shape) return [];
			return [
				change(
					key,
					`function \`${key}\` was \`${old.shape}\` and is now \`${now.shape}\`: guests built before no longer start or misread its values, and hosts that implement it no longer compile`,
				),
			];
		case "alias":
			if (old.shape === now.shape) return [];
			return [change(key, `\`${key}\` stood for \`${old.shape}\` and now stands for \`${now.shape}\`: ${stranded(reach)}`)];
		case "record":
		case "variant":
		case "enum":
		case "flags":
			return partChanges(key, old, now, reach);
		case "limits":
			return limitsBreak(key, parts(old), parts(now)).map((each) => change(key, each.message, each.part));
		case "operation":
			return operationChanges(key, parts(old), parts(now));
		case "world":
			return worldChanges(key, parts(old), parts(now));
		default:
			return [];
	}
}

const PART_WORDS: { readonly [K in LockItem["kind"]]?: string } = { record: "field", variant: "case", enum: "case", flags: "flag" };

function partChanges(key: string, old: LockItem, now: LockItem, reach: Reach | undefined): Break[] {
	const word = PART_WORDS[old.kind] ?? "part";
	const difference = diffParts(parts(old), parts(now));
	const breaks: Break[] = [];
	for (const text of difference.removed)
		breaks.push(change(key, `${old.kind} \`${key}\` lost the ${word} \`${nameOf(text)}\`: ${removedPart(word, reach)}`));
	for (const { text, index } of difference.added)
		breaks.push(change(key, `${old.kind} \`${key}\` gained the ${word} \`${nameOf(text)}\`: ${addedPart(word, reach)}`, index));
	for (const { before, text, index } of difference.changed) {
		breaks.push(
			change(
				key,
				`${word} \`${nameOf(text)}\` of ${old.kind} \`${key}\` was \`${before}\` and is now \`${text}\`: ${stranded(reach)}`,
				index,
			),
		);
	}
	if (breaks.length === 0 && difference.moved !== undefined) {
		const text = parts(now)[difference.moved] ?? "";
		breaks.push(
			change(
				key,
				`${word} \`${nameOf(text)}\` of ${old.kind} \`${key}\` has another place than before: values cross by position, so ${stranded(reach)}`,
				difference.moved,
			),
		);
	}
	return breaks;
}

/** Record fields are matched one by one in the component model: there is no optional field that old guests may omit. */
function addedPart(word: string, reach: Reach | undefined): string {
	if (word === "field") return `records are matched field by field, so ${stranded(reach)}`;
	const received = reach?.receivedBy ?? [];
	if (received.length === 0) return `types are matched ${word} by ${word}, so ${stranded(reach)}`;
	return `a guest built before traps when the host answers with it from ${listed(received)}`;
}

function removedPart(word: string, reach: Reach | undefined): string {
	const sent = reach?.sentBy ?? [];
	if (word === "field" || sent.length === 0) return stranded(reach);
	return `a guest built before may still hand it to ${listed(sent)}, where the host no longer knows it`;
}

function stranded(reach: Reach | undefined): string {
	const functions = [...new Set([...(reach?.sentBy ?? []), ...(reach?.receivedBy ?? [])])];
	return functions.length === 0
		? "guests that use it must be rebuilt"
		: `guests built before that use ${listed(functions)} must be rebuilt`;
}

function operationChanges(key: string, old: readonly string[], now: readonly string[]): Break[] {
	return old.flatMap((text): Break[] => {
		if (now.includes(text)) return [];
		const name = nameOf(text);
		const replaced = now.find((candidate) => nameOf(candidate) === name && !old.includes(candidate));
		if (name === "transport")
			return [
				change(key, `\`${key}\` no longer offers the ${text.replace(": ", " `")}\`: guests and routes that require it find no backend`),
			];
		const what = replaced === undefined ? "has none now" : `is now \`${replaced.slice(name.length + 2)}\``;
		return [
			change(
				key,
				`${name} of \`${key}\` was \`${text.slice(name.length + 2)}\` and ${what}: guests that use \`transform\` and every backend of the operation must follow`,
			),
		];
	});
}

function worldChanges(key: string, old: readonly string[], now: readonly string[]): Break[] {
	const lost = old.filter((text) => !now.includes(text));
	const gained = now.filter((text) => !old.includes(text));
	return [
		...lost.map((text) =>
			text.startsWith("import ")
				? change(key, `\`${key}\` no longer has \`${text}\`: guests that target it and use that import can no longer be built`)
				: change(key, `\`${key}\` no longer has \`${text}\`: hosts no longer call it in guests built before`),
		),
		...gained
			.filter((text) => text.startsWith("export "))
			.map((text) => change(key, `\`${key}\` now has \`${text}\`: guests built before do not export it, so they no longer start`)),
	];
}

function versionChange(key: string, old: string, now: string): Break[] {
	if (old === now || compatibilityTrack(old) === compatibilityTrack(now)) return [];
	return [
		change(
			key,
			`the package was \`${old}\` and is now \`${now}\`: guests built before import the old version by name; a host that is to run them must offer both`,
		),
	];
}

/** Versions with the same track can stand in for one another: `1.2.3` → `1`, `0.1.4` → `0.1`, `0.0.3` → `0.0.3`. */
function compatibilityTrack(id: string): string {
	const [, name = id, version = ""] = /^([^@]*)@?(.*)$/.exec(id) ?? [];
	const [major = "", minor = ""] = version.split(/[-.]/);
	if (version.includes("-")) return id;
	return `${name}@${major !== "0" ? major : minor !== "0" ? `0.${minor}` : version}`;
}

function gone(key: string, message: string): Break {
	return { code: "breaking-removal", key, message };
}

function change(key: string, message: string, part?: number): Break {
	return { code: "breaking-change", key, message, ...(part === undefined ? {} : { part }) };
}

function parts(item: LockItem): readonly string[] {
	return typeof item.shape === "string" ? [item.shape] : item.shape;
}

function parentOf(key: string): string {
	const dot = key.lastIndexOf(".");
	return dot < 0 ? key : key.slice(0, dot);
}

/** True if the field that the limits belong to is in the record on this side. */
function isPartOf(items: LockItems, key: string): boolean {
	const record = items.get(parentOf(key));
	return record !== undefined && parts(record).some((text) => nameOf(text) === key.slice(parentOf(key).length + 1));
}

function article(item: LockItem): string {
	return `${/^[aeiou]/.test(item.kind) ? "an" : "a"} ${item.kind === "func" ? "function" : item.kind}`;
}

/** At most three by name. */
function listed(names: readonly string[]): string {
	const shown = names.slice(0, 3).map((name) => `\`${name}\``);
	const rest = names.length - shown.length;
	if (rest > 0) return `${shown.join(", ")} and ${rest} more`;
	return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
