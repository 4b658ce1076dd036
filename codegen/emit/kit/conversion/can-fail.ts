/** Decides whether the conversion of a value into IR shape can fail: only where JSON text is parsed. */
import { jsonKind } from "../../../model/abi.ts";
import { childTypes } from "../../../model/build-abi.ts";
import type { DataDef } from "../../../model/carried/data-types.ts";
import type { TypeRef } from "../../../model/model.ts";

export function canFail(root: TypeRef): boolean {
	const seen = new Set<DataDef>();
	const visit = (type: TypeRef | undefined): boolean => {
		if (type === undefined) return false;
		if (type.kind === "named" && visitDef(type.def)) return true;
		return childTypes(type).some(visit);
	};
	const visitDef = (def: DataDef): boolean => {
		if (seen.has(def)) return false;
		seen.add(def);
		if (def.kind === "alias") return jsonKind(def) !== undefined || visit(def.type);
		if (def.kind === "record") return def.fields.some((field) => visit(field.type));
		return def.kind === "variant" && def.cases.some((item) => visit(item.type));
	};
	return visit(root);
}
