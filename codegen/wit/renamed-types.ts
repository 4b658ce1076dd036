/** `include a with { r as s }`: copies of a world's types under their new names, and the functions that refer to them. */
import type { Case, Func, ResourceDef, TypeDef, TypeRef } from "../model/model.ts";
import type { TypeDraft } from "./type-draft.ts";

export class RenamedTypes {
	readonly #copies = new Map<TypeDef, TypeDraft>();

	/** @param nameOf the name of each type from now on */
	constructor(types: readonly TypeDef[], nameOf: (def: TypeDef) => string) {
		for (const def of types) {
			this.#copies.set(def, { ...def, name: nameOf(def) });
		}
		for (const copy of this.#copies.values()) {
			this.#redirect(copy);
		}
	}

	/** The copy of a type of that world; any other type as it is. */
	copyOf(def: TypeDef): TypeDef {
		return this.#copies.get(def) ?? def;
	}

	func(func: Func): Func {
		if (this.#copies.size === 0) return func;
		return {
			...func,
			params: func.params.map((param) => ({ ...param, type: this.#type(param.type) })),
			...(func.result === undefined ? {} : { result: this.#type(func.result) }),
			...(func.resource === undefined ? {} : { resource: this.#resource(func.resource) }),
		};
	}

	#redirect(copy: TypeDraft): void {
		switch (copy.kind) {
			case "alias":
				copy.type = this.#type(copy.type);
				break;
			case "record":
				copy.fields = copy.fields.map((field) => ({ ...field, type: this.#type(field.type) }));
				break;
			case "variant":
				copy.cases = copy.cases.map((each): Case => (each.type === undefined ? each : { ...each, type: this.#type(each.type) }));
				break;
			case "resource":
				copy.functions = copy.functions.map((func) => this.func(func));
				if (copy.constructorFunc !== undefined) {
					copy.constructorFunc = this.func(copy.constructorFunc);
				}
		}
	}

	/** Recurses into type arguments only, whose depth the scan of the file bounds. */
	#type(type: TypeRef): TypeRef {
		switch (type.kind) {
			case "list":
				return { ...type, element: this.#type(type.element) };
			case "map":
				return { ...type, key: this.#type(type.key), value: this.#type(type.value) };
			case "option":
				return { ...type, some: this.#type(type.some) };
			case "result":
				return {
					...type,
					...(type.ok === undefined ? {} : { ok: this.#type(type.ok) }),
					...(type.err === undefined ? {} : { err: this.#type(type.err) }),
				};
			case "tuple":
				return { ...type, items: type.items.map((item) => this.#type(item)) };
			case "stream":
			case "future":
				return type.element === undefined ? type : { ...type, element: this.#type(type.element) };
			case "named": {
				const def = this.copyOf(type.def);
				return def.kind === "resource" ? type : { ...type, def };
			}
			case "handle":
				return { ...type, def: this.#resource(type.def) };
			case "primitive":
				return type;
		}
	}

	#resource(def: ResourceDef): ResourceDef {
		const copy = this.copyOf(def);
		return copy.kind === "resource" ? copy : def;
	}
}
