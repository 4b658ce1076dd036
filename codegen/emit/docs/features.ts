/** The fields and cases of a family's payload that demand each feature. */
import { type Family, featuresOf } from "../../model/abi.ts";
import { childTypes } from "../../model/build-abi.ts";
import type { TypeDef, TypeRef } from "../../model/model.ts";

export interface Demand {
	readonly owner: TypeDef;
	/** Name of the field or case. */
	readonly member: string;
}

/** By feature, in the order of the family's list; demands in order of first reach. */
export function demandsByFeature(family: Family): Map<string, Demand[]> {
	const demands = new Map<string, Demand[]>(family.features.map((feature) => [feature, []]));
	const seen = new Set<TypeDef>();
	const visitDef = (def: TypeDef): void => {
		if (seen.has(def)) return;
		seen.add(def);
		const members = def.kind === "record" ? def.fields : def.kind === "variant" ? def.cases : [];
		for (const member of members) {
			for (const feature of featuresOf(member)) demands.get(feature)?.push({ owner: def, member: member.name });
			if (member.type !== undefined) visit(member.type);
		}
		if (def.kind === "alias") visit(def.type);
	};
	const visit = (type: TypeRef): void => {
		for (const child of childTypes(type)) visit(child);
		if (type.kind === "named") visitDef(type.def);
	};
	visitDef(family.payload);
	return demands;
}
