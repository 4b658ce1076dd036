/** The index of the page's search: a row for each item and each part of an item. */
import type { Docs, TypeDef } from "../../../model/model.ts";
import { functionsOf, type Outline, portsOf } from "../outline.ts";
import { functionId, memberId, membersOf, portId } from "./anchors.ts";
import { kindOfFunction } from "./function-item.ts";
import { summary } from "./prose.ts";
import { kindOfType } from "./type-item.ts";

export interface SearchIndex {
	readonly kinds: readonly string[];
	/** Anchor, place of the kind in `kinds`, first sentence of the comment. The name is the anchor's last part. */
	readonly rows: readonly (readonly [id: string, kind: number, text: string])[];
}

const LONGEST_TEXT = 120;

export function searchIndex(outline: Outline): SearchIndex {
	const kinds: string[] = [];
	const rows: [string, number, string][] = [];
	const add = (id: string, kind: string, docs: Docs): void => {
		if (!kinds.includes(kind)) kinds.push(kind);
		rows.push([id, kinds.indexOf(kind), shortened(summary(docs.text))]);
	};
	const addType = (def: TypeDef): void => {
		const id = outline.typeId(def);
		add(id, kindOfType(def), def.docs);
		const kind = def.kind === "record" ? "field" : def.kind === "flags" ? "flag" : "case";
		for (const member of membersOf(def)) add(memberId(id, member.name), kind, member.docs);
		for (const func of functionsOf(def)) add(functionId(id, func), kindOfFunction(func), func.docs);
	};
	for (const section of outline.sections()) {
		if (section.kind === "interface") {
			add(section.id, "interface", section.interface.docs);
			for (const func of section.interface.functions) add(functionId(section.id, func), "function", func.docs);
			for (const def of section.interface.types) addType(def);
		} else {
			add(section.id, "world", section.world.docs);
			for (const [direction, item] of portsOf(section.world)) {
				if (item.kind === "function") add(portId(section.id, direction, item.func), direction, item.func.docs);
			}
			for (const def of section.types) addType(def);
		}
	}
	return { kinds, rows };
}

function shortened(text: string): string {
	return text.length <= LONGEST_TEXT ? text : `${text.slice(0, text.lastIndexOf(" ", LONGEST_TEXT - 1) + 1 || LONGEST_TEXT)}…`;
}
