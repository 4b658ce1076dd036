/** Names of types in one file of `generated/hostcall/`. Asking for a name imports it. */
import { isReadiness } from "../../model/abi.ts";
import { type DataDef, moduleAlias, moduleOf } from "../../model/carried/data-types.ts";
import { elementText, passesHandles } from "../../model/carried/handles.ts";
import { irType } from "../../model/carried/ir-type.ts";
import { type HostInterface, resourceTypeName } from "../../model/host-interface.ts";
import type { Model, ResourceDef, TypeRef } from "../../model/model.ts";
import { pascalCase } from "../../model/names/spelling.ts";
import type { Imports } from "../kit/imports.ts";

export class HostcallScope {
	readonly #iface: HostInterface;
	readonly #model: Model;
	readonly #imports: Imports;

	constructor(iface: HostInterface, model: Model, imports: Imports) {
		this.#iface = iface;
		this.#model = model;
		this.#imports = imports;
	}

	/** A value as the host takes or returns it: data in IR shape, objects of the host for handles. */
	valueType(type: TypeRef): string {
		if (type.kind === "handle") return isReadiness(type.def) ? this.readiness() : this.#resource(type.def);
		if (type.kind === "option") return `${this.valueType(type.some)} | undefined`;
		if (type.kind === "list" && passesHandles(type)) return `readonly ${elementText(this.valueType(type.element))}[]`;
		return irType(type, { named: (def) => this.#dataType(def) });
	}

	readiness(): string {
		return this.#imports.type("Readiness", "./runtime.ts");
	}

	bindingError(): string {
		return this.#imports.value("BindingError", "./runtime.ts");
	}

	#resource(def: ResourceDef): string {
		const name = resourceTypeName(def);
		return def.owner.name === this.#iface.name ? name : this.#imports.type(name, `./${def.owner.name}.ts`);
	}

	/** `ir.Request` for a type of the interface itself, `types.Usage` for any other. */
	#dataType(def: DataDef): string {
		const module = moduleOf(def, this.#model);
		const alias = module === this.#iface.name ? "ir" : moduleAlias(module);
		return `${this.#imports.typeNamespace(alias, `../ir/${module}.ts`)}.${pascalCase(def.name)}`;
	}
}
