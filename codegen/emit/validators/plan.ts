/** The list of validators: one for each kind of value that comes from outside. */
import type { Abi } from "../../model/abi.ts";
import { moduleOf } from "../../model/carried/data-types.ts";
import { camelCase, pascalCase } from "../../model/names/spelling.ts";
import { moduleName, typeName } from "../../model/names/type-names.ts";
import { validatorNames } from "../../model/names/validator-names.ts";
import type { Target } from "../kit/checks/references.ts";
import type { ExtraSchema } from "../kit/schema/extra-schemas.ts";

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
	const plans = new Map<string, ValidatorPlan[]>(abi.interfaces.map((each) => [moduleName(each.interface.name), []]));
	for (const [def, name] of validatorNames(abi)) {
		const module = moduleOf(def, abi.model);
		const type = typeName(def);
		plans.set(module, [...(plans.get(module) ?? []), { name, target: { module, name: type }, type }]);
	}
	for (const each of extra) plans.set(each.name, extraPlans(each));
	return new Map([...plans].filter(([, found]) => found.length > 0));
}

/** The root of a schema. A schema of definitions alone, such as that of the envelopes, describes no value from outside. */
function extraPlans({ name, schema }: ExtraSchema): ValidatorPlan[] {
	if (schema.type === undefined) return [];
	return [{ name: camelCase(name), target: { module: name }, type: schema.title ?? pascalCase(name) }];
}
