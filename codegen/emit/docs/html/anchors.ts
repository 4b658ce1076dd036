/** Anchors of the parts of a section. Anchors of the page itself begin with a colon, as no name in WIT does. */
import type { Func, Member, TypeDef } from "../../../model/model.ts";
import type { Direction } from "../outline.ts";

/** @param scope the anchor of the section or resource that has the function */
export function functionId(scope: string, func: Func): string {
	return func.kind === "constructor" ? `${scope}:constructor` : `${scope}.${func.name}`;
}

/** A world may import and export functions of one name. */
export function portId(world: string, direction: Direction, func: Func): string {
	return functionId(`${world}:${direction}`, func);
}

export function memberId(type: string, name: string): string {
	return `${type}.${name}`;
}

/** Fields, cases or flags; none of an alias or a resource. */
export function membersOf(def: TypeDef): readonly Member[] {
	switch (def.kind) {
		case "record":
			return def.fields;
		case "variant":
		case "enum":
			return def.cases;
		case "flags":
			return def.flags;
		default:
			return [];
	}
}
