/** The list of validators: one for each kind of value that comes from outside. */
import type { Abi } from "../../model/abi.ts";
import { allFunctions } from "../../model/build-abi.ts";
import { type DataDef, moduleOf } from "../../model/carried/data-types.ts";
import type { TypeRef } from "../../model/model.ts";
import { camelCase, pascalCase } from "../../model/names/spelling.ts";
import type { ExtraSchema } from "../kit/schema/extra-schemas.ts";
import type { Target } from "./references.ts";

export interface ValidatorPlan {
	/** Name of the exported function. */
	readonly name: string;
	/** The schema it checks against. */
	readonly target: Target;
	/** The type it proves, within the module of the IR of the same name, e.g. `Request`. */
	readonly type: string;
}

/** Module name → its validators, in the order of the ABI. */
export function validatorPlans(abi: Abi, extra: readonly ExtraSchema[]): Map<string, ValidatorPlan[]> {
	const plans = new Map<string, ValidatorPlan[]>(abi.interfaces.map((each) => [each.interface.name, []]));
	const add = (name: string, def: DataDef): void => {
		const module = moduleOf(def, abi.model);
		const found = plans.get(module) ?? [];
		const type = pascalCase(def.name);
		if (found.some((plan) => plan.type === type)) return;
		plans.set(module, [...found, { name, target: { module, name: type }, type }]);
	};
	for (const { payload, result, event } of abi.families) {
		add("payload", payload);
		add("result", result);
		if (event !== undefined) add("event", event);
	}
	for (const { interface: iface } of abi.interfaces) {
		for (const func of allFunctions(iface))
			for (const param of func.params) for (const def of structuresIn(param.type)) add(camelCase(def.name), def);
	}
	for (const each of extra) plans.set(each.name, extraPlans(each));
	return new Map([...plans].filter(([, found]) => found.length > 0));
}

/** The records and variants that a parameter holds: what has parts that could be wrong. */
function structuresIn(type: TypeRef): DataDef[] {
	switch (type.kind) {
		case "named":
			if (type.def.kind === "alias") return structuresIn(type.def.type);
			return type.def.kind === "record" || type.def.kind === "variant" ? [type.def] : [];
		case "list":
			return structuresIn(type.element);
		case "option":
			return structuresIn(type.some);
		default:
			return [];
	}
}

/** The root of a schema. A schema of definitions alone, such as that of the envelopes, describes no value from outside. */
function extraPlans({ name, schema }: ExtraSchema): ValidatorPlan[] {
	if (schema.type === undefined) return [];
	return [{ name: camelCase(name), target: { module: name }, type: schema.title ?? pascalCase(name) }];
}
