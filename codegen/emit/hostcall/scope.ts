/** Names of types in one file of `generated/hostcall/`. Asking for a name imports it. */
import { isReadiness } from "../../model/abi.ts";
import { type DataDef, moduleOf } from "../../model/carried/data-types.ts";
import { elementText, passesHandles } from "../../model/carried/handles.ts";
import { irType } from "../../model/carried/ir-type.ts";
import { isNestedOption } from "../../model/carried/wit-type.ts";
import type { HostInterface } from "../../model/host-interface.ts";
import type { Model, ResourceDef, TypeRef } from "../../model/model.ts";
import { moduleAlias, moduleName, typeName } from "../../model/names/type-names.ts";
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
		// An absent option within an option is `null`, as in a value of the IR.
		if (type.kind === "option") return `${isNestedOption(type) ? this.#data(type.some) : this.valueType(type.some)} | undefined`;
		if (type.kind === "list" && passesHandles(type)) return `readonly ${elementText(this.valueType(type.element))}[]`;
		return this.#data(type);
	}

	readiness(): string {
		return this.#imports.type("Readiness", "./runtime.ts");
	}

	bindingError(): string {
		return this.#imports.value("BindingError", "./runtime.ts");
	}

	#data(type: TypeRef): string {
		return irType(type, { named: (def) => this.#dataType(def) });
	}

	#resource(def: ResourceDef): string {
		const name = this.#iface.names.get(def)?.object ?? "";
		return def.owner.name === this.#iface.name ? name : this.#imports.type(name, `./${moduleName(def.owner.name)}.ts`);
	}

	/** `ir.Request` for a type of the interface itself, `types.Usage` for any other. */
	#dataType(def: DataDef): string {
		const module = moduleOf(def, this.#model);
		const alias = module === this.#iface.module ? "ir" : moduleAlias(module);
		return `${this.#imports.typeNamespace(alias, `../ir/${module}.ts`)}.${typeName(def)}`;
	}
}
