/** Names of types, conversions and helpers in one file of `generated/abi/component/`. Asking for a name imports it. */
import { isReadiness } from "../../model/abi.ts";
import { type ConvertedDef, type DataDef, moduleOf } from "../../model/carried/data-types.ts";
import { elementText, passesHandles } from "../../model/carried/handles.ts";
import { isNestedOption, witType } from "../../model/carried/wit-type.ts";
import type { HostInterface } from "../../model/host-interface.ts";
import type { Func, Model, Param, ResourceDef, TypeRef } from "../../model/model.ts";
import { converterName } from "../../model/names/converter-names.ts";
import { camelCase, pascalCase } from "../../model/names/spelling.ts";
import { moduleName, resourceClass, typeName } from "../../model/names/type-names.ts";
import type { ConvertScope, Direction, RuntimeHelper } from "../kit/conversion/expressions.ts";
import type { Imports } from "../kit/imports.ts";

export class ComponentScope implements ConvertScope {
	readonly #iface: HostInterface;
	readonly #model: Model;
	readonly #imports: Imports;
	readonly #handleClasses = new Map<ResourceDef, string>();

	constructor(iface: HostInterface, model: Model, imports: Imports) {
		this.#iface = iface;
		this.#model = model;
		this.#imports = imports;
	}

	/** A value as the transpiled component passes it: data in WIT shape, objects of the binding's classes for handles. */
	componentType(type: TypeRef): string {
		if (type.kind === "handle") return `${this.runtimeType("Handle")}<${this.resource(type.def)}>`;
		if (type.kind === "option" && !isNestedOption(type)) return `${this.componentType(type.some)} | undefined`;
		if (type.kind === "list" && passesHandles(type)) return `readonly ${elementText(this.componentType(type.element))}[]`;
		return witType(type, { named: (def) => this.#dataType(def) });
	}

	/** The interface that the host implements. */
	implementation(): string {
		return this.#imports.type(this.#iface.typeName, hostcallModule(this.#iface.module));
	}

	/** The host's type of the object behind a handle, e.g. `EventStream`. */
	resource(def: ResourceDef): string {
		if (isReadiness(def)) return this.hostcallType("Readiness");
		return this.#imports.type(this.#objectType(def), hostcallModule(moduleName(def.owner.name)));
	}

	/** The class of a resource's handles within the binding: its own, or one it was given. */
	handleClass(def: ResourceDef): string {
		if (def.owner.name !== this.#iface.name) return `handles.${resourceClass(def)}`;
		const known = this.#handleClasses.get(def);
		if (known !== undefined) return known;
		const name = this.#imports.scope.take(`${this.#objectType(def)}Handle`);
		this.#handleClasses.set(def, name);
		return name;
	}

	/** Names of the parameters of one function. */
	parameters(func: Func): ReadonlyMap<Param, string> {
		const names = this.#imports.scope.inner();
		return new Map(func.params.map((param) => [param, names.take(camelCase(param.name))]));
	}

	/** The call sites of the interface. */
	sites(): string {
		return this.#imports.value("sites", hostcallModule(this.#iface.module));
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

	#objectType(def: ResourceDef): string {
		return this.#iface.names.get(def)?.object ?? "";
	}

	/** `wit.Request` for a type of the interface itself, `witTypes.Usage` for any other. */
	#dataType(def: DataDef): string {
		const module = moduleOf(def, this.#model);
		const alias = module === this.#iface.module ? "wit" : `wit${pascalCase(module)}`;
		return `${this.#imports.typeNamespace(alias, `./wit/${module}.ts`)}.${typeName(def)}`;
	}
}

function hostcallModule(name: string): string {
	return `../../hostcall/${name}.ts`;
}
