/** Names of types, conversions and helpers in one file of `generated/abi/component/`. Asking for a name imports it. */
import { isReadiness } from "../../model/abi.ts";
import { type ConvertedDef, type DataDef, moduleOf } from "../../model/carried/data-types.ts";
import { elementText, passesHandles } from "../../model/carried/handles.ts";
import { witType } from "../../model/carried/wit-type.ts";
import { type HostInterface, resourceTypeName } from "../../model/host-interface.ts";
import type { Model, ResourceDef, TypeRef } from "../../model/model.ts";
import { pascalCase } from "../../model/names/spelling.ts";
import { type ConvertScope, converterName, type Direction, type RuntimeHelper } from "../kit/conversion/expressions.ts";
import type { Imports } from "../kit/imports.ts";

export class ComponentScope implements ConvertScope {
	readonly #iface: HostInterface;
	readonly #model: Model;
	readonly #imports: Imports;

	constructor(iface: HostInterface, model: Model, imports: Imports) {
		this.#iface = iface;
		this.#model = model;
		this.#imports = imports;
	}

	/** A value as the transpiled component passes it: data in WIT shape, objects of the binding's classes for handles. */
	componentType(type: TypeRef): string {
		if (type.kind === "handle") return `${this.runtimeType("Handle")}<${this.resource(type.def)}>`;
		if (type.kind === "option") return `${this.componentType(type.some)} | undefined`;
		if (type.kind === "list" && passesHandles(type)) return `readonly ${elementText(this.componentType(type.element))}[]`;
		return witType(type, { named: (def) => this.#dataType(def) });
	}

	/** The interface that the host implements. */
	implementation(): string {
		return this.#imports.type(this.#iface.typeName, hostcallModule(this.#iface.name));
	}

	/** The host's type of the object behind a handle, e.g. `EventStream`. */
	resource(def: ResourceDef): string {
		if (isReadiness(def)) return this.hostcallType("Readiness");
		return this.#imports.type(resourceTypeName(def), hostcallModule(def.owner.name));
	}

	/** The class of a resource's handles within the binding: its own, or one it was given. */
	handleClass(def: ResourceDef): string {
		return def.owner.name === this.#iface.name ? `${resourceTypeName(def)}Handle` : `handles.${pascalCase(def.name)}`;
	}

	/** The call sites of the interface. */
	sites(): string {
		return this.#imports.value("sites", hostcallModule(this.#iface.name));
	}

	hostcallType(name: "BindingContext" | "Readiness"): string {
		return this.#imports.type(name, hostcallModule("runtime"));
	}

	converter(def: ConvertedDef, direction: Direction): string {
		return this.#imports.value(converterName(def, direction), `./convert/${moduleOf(def, this.#model)}.ts`);
	}

	runtime(name: RuntimeHelper): string {
		return this.#imports.value(name, "./convert/runtime.ts");
	}

	runtimeType(name: string): string {
		return this.#imports.type(name, "./runtime.ts");
	}

	runtimeValue(name: string): string {
		return this.#imports.value(name, "./runtime.ts");
	}

	/** `wit.Request` for a type of the interface itself, `witTypes.Usage` for any other. */
	#dataType(def: DataDef): string {
		const module = moduleOf(def, this.#model);
		const alias = module === this.#iface.name ? "wit" : `wit${pascalCase(module)}`;
		return `${this.#imports.typeNamespace(alias, `./wit/${module}.ts`)}.${pascalCase(def.name)}`;
	}
}

function hostcallModule(name: string): string {
	return `../../hostcall/${name}.ts`;
}
