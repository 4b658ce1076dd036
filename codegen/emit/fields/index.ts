/** Emits `ir/fields/`: the fields of every operation's payload as data, and functions that visit them. */
import { moduleName } from "../../model/names/type-names.ts";
import type { Emitter } from "../emitter.ts";
import { fieldsModule } from "./family-module.ts";
import { fieldOperations } from "./operations-module.ts";

export const fieldsEmitter: Emitter = {
	name: "fields",
	async emit({ abi }) {
		const families = abi.families.map((family) => ({
			path: `ir/fields/${moduleName(family.name)}.ts`,
			content: fieldsModule(family, abi.model),
		}));
		return [{ path: "ir/fields/operations.ts", content: fieldOperations(abi) }, ...families];
	},
};
