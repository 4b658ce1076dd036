/** `ir/wire/<interface>.ts`: how the interface's types look in JSON text where that differs, and their conversions. */

import { type ConvertedDef, type DataDef, dataTypes, moduleOf } from "../../model/carried/data-types.ts";
import { irType, jsonTypeName } from "../../model/carried/ir-type.ts";
import type { Interface, Model } from "../../model/model.ts";
import { converterName } from "../../model/names/converter-names.ts";
import { pascalCase } from "../../model/names/spelling.ts";
import { moduleAlias, moduleName, typeName } from "../../model/names/type-names.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { type DefinitionScope, irDefinition } from "../kit/ir-definition.ts";
import { wireFunction } from "./converter.ts";
import { isSameOnWire, type WireHelper, type WireScope } from "./expressions.ts";
import { differsOnWire, type WireDirection, type WireReach } from "./reach.ts";

/** Names of the variables in the conversions, and of globals that they use. */
const LOCALS = ["Array", "Float32Array", "Math", "Object", "all", "each", "key", "name", "result", "value"];

function converterNames(def: DataDef): string[] {
	return [converterName(def, "from-wire"), converterName(def, "to-wire")];
}

/** The module's text, or undefined when no type of the interface travels. Helpers it calls are added to `used`. */
export function wireModule(iface: Interface, model: Model, reached: WireReach, used: Set<WireHelper>): string | undefined {
	const converted = dataTypes(iface).filter((def) => def.kind !== "alias");
	const types = converted.filter((def) => reached.get("from-wire")?.has(def) && differsOnWire(def));
	const imports = new Imports([...types.map(typeName), ...converted.flatMap(converterNames), ...LOCALS]);
	const names = new WireNames(moduleName(iface.name), model, imports);
	const scopes = (["from-wire", "to-wire"] as const).map(
		(direction): WireScope => ({
			direction,
			converter: (def) => names.converter(def, direction),
			runtime(name) {
				used.add(name);
				return imports.value(name, "./runtime.ts");
			},
		}),
	);
	const functions: string[] = [];
	for (const def of converted) {
		for (const scope of scopes) {
			if (!reached.get(scope.direction)?.has(def) || isSameOnWire(def, scope.direction)) continue;
			const memory = names.inMemory(def);
			const [from, to] = scope.direction === "from-wire" ? [names.onWire(def), memory] : [memory, names.json("JsonObject")];
			functions.push(wireFunction(def, from, to, scope));
		}
	}
	if (functions.length === 0) return undefined;
	const declarations = wireTypes(types, names);
	return [header([witSource(iface)]), imports.toString(), declarations, ...functions].filter((part) => part !== "").join("\n");
}

function wireTypes(types: readonly DataDef[], names: WireNames): string {
	const scope: DefinitionScope = { form: "wire", named: (def) => names.onWire(def), json: (kind) => names.json(jsonTypeName(kind)) };
	return types.map((def) => irDefinition(def, scope)).join("\n");
}

/** Names of conversions, and of types in either form, within one module. */
class WireNames {
	readonly #own: string;
	readonly #model: Model;
	readonly #imports: Imports;

	constructor(own: string, model: Model, imports: Imports) {
		this.#own = own;
		this.#model = model;
		this.#imports = imports;
	}

	inMemory(def: DataDef): string {
		const module = moduleOf(def, this.#model);
		return `${this.#imports.typeNamespace(`ir${pascalCase(module)}`, `../${module}.ts`)}.${typeName(def)}`;
	}

	onWire(def: DataDef): string {
		if (!differsOnWire(def)) return this.inMemory(def);
		// An alias that differs has no declaration of its own: what it stands for is named.
		if (def.kind === "alias") return irType(def.type, { form: "wire", named: (inner) => this.onWire(inner) });
		const module = moduleOf(def, this.#model);
		const name = typeName(def);
		return module === this.#own ? name : `${this.#imports.typeNamespace(moduleAlias(module), `./${module}.ts`)}.${name}`;
	}

	converter(def: ConvertedDef, direction: WireDirection): string {
		const module = moduleOf(def, this.#model);
		const name = converterName(def, direction);
		return module === this.#own ? name : `${this.#imports.valueNamespace(moduleAlias(module), `./${module}.ts`)}.${name}`;
	}

	json(name: "JsonValue" | "JsonObject"): string {
		return this.#imports.type(name, "../json.ts");
	}
}
