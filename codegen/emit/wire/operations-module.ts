/** `ir/wire/operations.ts`: the conversions of every operation, in one table. */
import type { Abi, Family } from "../../model/abi.ts";
import type { RecordDef, VariantDef } from "../../model/model.ts";
import { converterName } from "../../model/names/converter-names.ts";
import { moduleAlias, moduleName, typeName } from "../../model/names/type-names.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { template } from "../kit/template.ts";
import { differsOnWire, type WireDirection } from "./reach.ts";

interface FamilyView {
	readonly operation: string;
	readonly payload: string;
	readonly payloadFromWire: string;
	readonly resultToWire: string;
	readonly eventToWire: string;
}

const render = template<{ readonly families: readonly FamilyView[] }>(new URL("./operations.hbs", import.meta.url));

export function wireOperations(abi: Abi): string {
	const imports = new Imports(["WIRE", "WireConversions", "WirePayloads"]);
	imports.type("JsonObject", "../json.ts");
	imports.type("Operation", "../operations.ts");
	imports.type("OperationMap", "../operations.ts");
	const families = abi.families.map((family) => familyView(family, imports));
	return [header(abi.families.map((family) => witSource(family.interface))), imports.toString(), render({ families })].join("\n");
}

function familyView({ name, operation, payload, result, event }: Family, imports: Imports): FamilyView {
	const file = moduleName(name);
	const module = (): string => imports.valueNamespace(moduleAlias(file), `./${file}.ts`);
	const converter = (def: RecordDef | VariantDef, direction: WireDirection): string => `${module()}.${converterName(def, direction)}`;
	const payloadType = differsOnWire(payload) ? `${module()}.${typeName(payload)}` : `OperationMap["${operation}"]["payload"]`;
	return {
		operation,
		payload: payloadType,
		payloadFromWire: converter(payload, "from-wire"),
		resultToWire: converter(result, "to-wire"),
		eventToWire: event === undefined ? "(event) => event" : converter(event, "to-wire"),
	};
}
