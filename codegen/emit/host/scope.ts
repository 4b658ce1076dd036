/** How one file of `generated/host/` names types, conversions and helpers. Asking for a name is what imports it. */
import type { Model, ResourceDef, TypeRef } from "../../model/model.ts";
import { type ConvertedDef, type ConvertScope, converterName, type Direction, type RuntimeHelper } from "../convert/expressions.ts";
import { irType } from "../ir/type-text.ts";
import type { Imports } from "../kit/imports.ts";
import { type DataDef, moduleAlias, moduleOf } from "../kit/modules.ts";
import { pascalCase } from "../names.ts";
import { witType } from "../wit-shape/type-text.ts";
import { hasHandle } from "./conversion.ts";
import { type BoundInterface, resourceType } from "./plan.ts";

export class HostScope implements ConvertScope {
	readonly imports: Imports;
	readonly #bound: BoundInterface;
	readonly #model: Model;

	constructor(bound: BoundInterface, model: Model, imports: Imports) {
		this.#bound = bound;
		this.#model = model;
		this.imports = imports;
	}

	/** A value as the host's implementation sees it: data in IR shape, its own objects for handles. */
	hostType(type: TypeRef): string {
		if (type.kind === "handle") return this.resourceInterface(type.def);
		if (type.kind === "option") return `${this.hostType(type.some)} | undefined`;
		if (type.kind === "list" && hasHandle(type)) return `readonly ${inArray(this.hostType(type.element))}[]`;
		return irType(type, { named: (def) => this.#dataType(def, "ir") });
	}

	/** A value as the transpiled component passes it: data in WIT shape, handles as objects of our classes. */
	componentType(type: TypeRef): string {
		if (type.kind === "handle") return `${this.runtimeType("Handle")}<${this.resourceInterface(type.def)}>`;
		if (type.kind === "option") return `${this.componentType(type.some)} | undefined`;
		if (type.kind === "list" && hasHandle(type)) return `readonly ${inArray(this.componentType(type.element))}[]`;
		return witType(type, { named: (def) => this.#dataType(def, "wit") });
	}

	/** The host's interface of a resource, e.g. `EventStream`. */
	resourceInterface(def: ResourceDef): string {
		const name = resourceType(def);
		return this.#isOwn(def) ? name : this.imports.type(name, `./${def.owner.name}.ts`);
	}

	/** The class of a resource's handles within the binding: its own, or one it was given. */
	handleClass(def: ResourceDef): string {
		return this.#isOwn(def) ? `${resourceType(def)}Handle` : `handles.${pascalCase(def.name)}`;
	}

	converter(def: ConvertedDef, direction: Direction): string {
		return this.imports.value(converterName(def, direction), `../ir/convert/${moduleOf(def, this.#model)}.ts`);
	}

	runtime(name: RuntimeHelper): string {
		return this.imports.value(name, "../ir/convert/runtime.ts");
	}

	runtimeType(name: string): string {
		return this.imports.type(name, "./runtime.ts");
	}

	runtimeValue(name: string): string {
		return this.imports.value(name, "./runtime.ts");
	}

	#isOwn(def: ResourceDef): boolean {
		return def.owner.name === this.#bound.name;
	}

	/** `ir.Request` and `types.Usage`, or `wit.Request` and `witTypes.Usage`. */
	#dataType(def: DataDef, shape: "ir" | "wit"): string {
		const module = moduleOf(def, this.#model);
		const own = module === this.#bound.name;
		if (shape === "ir")
			return `${this.imports.typeNamespace(own ? "ir" : moduleAlias(module), `../ir/${module}.ts`)}.${pascalCase(def.name)}`;
		return `${this.imports.typeNamespace(own ? "wit" : `wit${pascalCase(module)}`, `./wit/${module}.ts`)}.${pascalCase(def.name)}`;
	}
}

function inArray(text: string): string {
	return text.includes(" ") ? `(${text})` : text;
}
