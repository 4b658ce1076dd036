/** The types that travel as JSON text in each direction: payloads come in, results and events go out. */
import { type Abi, isDefaultedList } from "../../model/abi.ts";
import { childTypes } from "../../model/build-abi.ts";
import type { ConvertedDef, DataDef } from "../../model/carried/data-types.ts";
import { irVector, jsonKindOf, withoutAliases } from "../../model/carried/ir-type.ts";
import type { RecordDef, TypeRef, VariantDef } from "../../model/model.ts";

export type WireDirection = "from-wire" | "to-wire";

export type WireReach = ReadonlyMap<WireDirection, ReadonlySet<ConvertedDef>>;

export function wireReach(abi: Abi): WireReach {
	const incoming = new Set<ConvertedDef>();
	const outgoing = new Set<ConvertedDef>();
	for (const { payload, result, event } of abi.families) {
		visitDef(payload, incoming);
		visitDef(result, outgoing);
		if (event !== undefined) visitDef(event, outgoing);
	}
	return new Map([
		["from-wire", incoming],
		["to-wire", outgoing],
	]);
}

/** True if values of a type look different in JSON text: with bytes, vectors, or lists that may be left out. */
export function differsOnWire(root: DataDef): boolean {
	const seen = new Set<DataDef>();
	const inType = (type: TypeRef): boolean => {
		if (irVector(withoutAliases(type)) !== undefined) return true;
		if (type.kind === "named") return jsonKindOf(type) === undefined && inDef(type.def);
		return childTypes(type).some(inType);
	};
	const inDef = (def: DataDef): boolean => {
		if (seen.has(def)) return false;
		seen.add(def);
		if (def.kind === "alias") return inType(def.type);
		if (def.kind === "record") return def.fields.some((field) => isDefaultedList(field) || inType(field.type));
		return def.kind === "variant" && def.cases.some((item) => item.type !== undefined && inType(item.type));
	};
	return inDef(root);
}

function visit(type: TypeRef, found: Set<ConvertedDef>): void {
	for (const child of childTypes(type)) visit(child, found);
	if (type.kind !== "named" || jsonKindOf(type) !== undefined) return;
	if (type.def.kind === "alias") visit(type.def.type, found);
	else visitDef(type.def, found);
}

function visitDef(def: ConvertedDef, found: Set<ConvertedDef>): void {
	if (found.has(def)) return;
	found.add(def);
	for (const type of typesIn(def)) visit(type, found);
}

function typesIn(def: ConvertedDef): TypeRef[] {
	const members: RecordDef["fields"] | VariantDef["cases"] = def.kind === "record" ? def.fields : def.kind === "variant" ? def.cases : [];
	return members.flatMap(({ type }) => (type === undefined ? [] : [type]));
}
