/** `ir/fields/operations.ts`: the fields of every operation's payload, in tables by operation. */
import type { Abi } from "../../model/abi.ts";
import { pascalFromSnake } from "../../model/names/spelling.ts";
import { moduleAlias, moduleName } from "../../model/names/type-names.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { template } from "../kit/template.ts";

interface FamilyView {
	readonly operation: string;
	readonly fields: string;
	readonly module: string;
}

/** Names that the file declares. */
const DECLARED = ["FeatureDemand", "FieldVisitor", "OperationField", "OperationFields", "REQUEST_FIELDS", "RequestFields"];

const render = template<{ readonly families: readonly FamilyView[] }>(new URL("./operations.hbs", import.meta.url));

export function fieldOperations(abi: Abi): string {
	const imports = new Imports(DECLARED);
	for (const name of ["Feature", "Operation", "OperationMap"]) imports.type(name, "../operations.ts");
	const families = abi.families.map(({ name, operation }) => {
		const module = imports.valueNamespace(moduleAlias(moduleName(name)), `./${moduleName(name)}.ts`);
		return { operation, module, fields: `${module}.${pascalFromSnake(operation)}Fields` };
	});
	return [header(abi.families.map((family) => witSource(family.interface))), imports.toString(), render({ families })].join("\n");
}
