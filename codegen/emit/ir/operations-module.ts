/** `ir/operations.ts`: the operations, their types, and which features a payload demands. */
import type { Abi, Family } from "../../model/abi.ts";
import { TRANSPORTS } from "../../model/abi.ts";
import { moduleAlias, moduleName, typeName } from "../../model/names/type-names.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { delimited, union } from "../kit/layout.ts";
import { template } from "../kit/template.ts";
import { DemandWalkers } from "./demand-walkers.ts";

interface FamilyView {
	readonly operation: string;
	readonly family: string;
	readonly namesModel: boolean;
	readonly reportsDowngrades: boolean;
	readonly text: string;
	readonly payload: string;
	readonly result: string;
	readonly event: string;
	readonly transports: string;
	readonly features: string;
	readonly demand: string;
}

interface View {
	readonly families: readonly FamilyView[];
	readonly transportType: string;
	readonly featureType: string;
	readonly featureList: string;
	readonly walkers: readonly string[];
}

/** Names that the file declares. */
const DECLARED = [
	"FEATURES",
	"Feature",
	"OPERATIONS",
	"Operation",
	"OperationInfo",
	"OperationMap",
	"Transport",
	"collect",
	"demandedFeatures",
];

const render = template<View>(new URL("./operations.hbs", import.meta.url));

export function operationsModule(abi: Abi): string {
	const imports = new Imports(DECLARED);
	const walkers = new DemandWalkers(abi.model, imports);
	const families = abi.families.map((family) => familyView(family, imports, walkers));
	const body = render({
		families,
		transportType: union("export type Transport =", TRANSPORTS.map(quote)),
		featureType: union("export type Feature =", abi.features.length === 0 ? ["never"] : abi.features.map(quote)),
		featureList: delimited("export const FEATURES: readonly Feature[] = [", abi.features.map(quote), "];", 0),
		walkers: walkers.functions(),
	});
	const sources = abi.families.map((family) => witSource(family.interface));
	return [header(sources), imports.toString(), body].filter((part) => part !== "").join("\n");
}

function familyView(family: Family, imports: Imports, walkers: DemandWalkers): FamilyView {
	const module = moduleName(family.name);
	const nameOf = (type: { readonly name: string }): string =>
		`${imports.typeNamespace(moduleAlias(module), `./${module}.ts`)}.${typeName(type)}`;
	return {
		operation: family.operation,
		family: family.name,
		namesModel: family.payload.fields.some((field) => field.name === "model"),
		reportsDowngrades: family.result.fields.some((field) => field.name === "downgrades"),
		text: family.interface.docs.text,
		payload: nameOf(family.payload),
		result: nameOf(family.result),
		event: family.event === undefined ? "never" : nameOf(family.event),
		transports: delimited("[", family.transports.map(quote), "]", 2),
		features: delimited("[", family.features.map(quote), "]", 2),
		demand: walkers.entry(family.payload),
	};
}

function quote(text: string): string {
	return JSON.stringify(text);
}
