import { malformed } from "../../binary/byte-reader.ts";
import type { ComponentDefinition, Definition } from "../binary/definition.ts";
import { quoted, requireNewName } from "../binary/read-label.ts";
import { canonicalOptions, coreFunction, requireOptions } from "./canonical-options.ts";
import type { Conformance } from "./conform.ts";
import { aliased, type Declarations } from "./declare.ts";
import { liftedSignature } from "./flat-type.ts";
import type { CoreEntity, CoreInstanceItem, Item, ItemScope } from "./item.ts";
import { resourceAt } from "./make-type.ts";
import type { CoreItem } from "./plan.ts";
import type { PlanBuilder } from "./plan-builder.ts";
import { resourceRef } from "./planned-type.ts";
import { Scope } from "./scope.ts";
import { type Supply, wantedBy } from "./supply.ts";
import type { FunctionNode } from "./type-node.ts";

/** Deepest nesting of instantiations. A component that is passed to itself would have no end. */
const MAX_DEPTH = 64;

/** Parts that the execution of all components of a file shares. */
export interface Execution {
	readonly builder: PlanBuilder;
	readonly declarations: Declarations;
	readonly conformance: Conformance;
}

/** Executes the definitions of a component: one component instance. */
export class ComponentExecution {
	readonly #shared: Execution;
	readonly #supply: Supply;
	readonly #depth: number;
	readonly #instance: number;
	readonly #scope: ItemScope;
	readonly #exports = new Map<string, Item>();
	readonly #importNames = new Set<string>();
	readonly #exportNames = new Set<string>();

	private constructor(shared: Execution, parent: ItemScope | undefined, supply: Supply, depth: number) {
		this.#shared = shared;
		this.#supply = supply;
		this.#depth = depth;
		this.#instance = shared.builder.addInstance();
		this.#scope = new Scope<Item>(parent, this.#instance);
	}

	/** Returns the exports of a new instance of a component, whose imports are those of a supply. */
	static run(component: ComponentDefinition, shared: Execution, supply: Supply, parent?: ItemScope, depth = 0): ReadonlyMap<string, Item> {
		if (depth > MAX_DEPTH) throw malformed("its components are instantiated in one another too deeply");
		const execution = new ComponentExecution(shared, parent, supply, depth);
		for (const definition of component.definitions) {
			shared.builder.budget.spend("definitions");
			execution.#execute(definition);
		}
		return execution.#exports;
	}

	#execute(definition: Definition): void {
		const { at } = definition;
		const scope = this.#scope;
		switch (definition.kind) {
			case "core module":
				scope.add({ sort: "core module", definition });
				return;
			case "core instantiate":
				scope.add(this.#coreInstance(definition));
				return;
			case "core inline instance": {
				const items = new Map<string, CoreEntity>();
				for (const { name, sort, index } of definition.exports) items.set(name, scope.get(sort, index, at));
				scope.add({ sort: "core instance", step: undefined, items });
				return;
			}
			case "core type":
				scope.add({ sort: "core type", form: definition.type });
				return;
			case "component":
				scope.add({ sort: "component", definition: definition.component, scope });
				return;
			case "instantiate":
				scope.add({ sort: "instance", exports: this.#instantiate(definition) });
				return;
			case "inline instance":
				scope.add({ sort: "instance", exports: this.#named(definition.exports, at) });
				return;
			case "alias core export":
				scope.add(coreExport(definition, scope));
				return;
			case "alias export":
			case "alias outer":
				scope.add(aliased(definition, scope));
				return;
			case "type":
				this.#defineType(definition);
				return;
			case "lift":
				scope.add(this.#lift(definition));
				return;
			case "lower":
				scope.add(this.#lower(definition));
				return;
			case "resource.new":
			case "resource.rep":
			case "resource.drop":
				scope.add(this.#resourceFunction(definition));
				return;
			case "import":
				requireNewName(definition.name, this.#importNames, at);
				scope.add(this.#supply(definition.name, wantedBy(definition.extern, scope, at), at));
				return;
			case "export":
				this.#export(definition);
		}
	}

	#coreInstance({ module, args, at }: Extract<Definition, { readonly kind: "core instantiate" }>): CoreInstanceItem {
		const { definition } = this.#scope.get("core module", module, at);
		if (definition === undefined) throw malformed(`the core instance at byte ${at} is of a module that nothing implements`);
		const instances = new Map<string, CoreInstanceItem>();
		for (const { name, instance } of args) instances.set(name, this.#scope.get("core instance", instance, at));
		return this.#shared.builder.addStep(definition, this.#instance, instances, at);
	}

	#instantiate({ component, args, at }: Extract<Definition, { readonly kind: "instantiate" }>): ReadonlyMap<string, Item> {
		const { definition, scope } = this.#scope.get("component", component, at);
		if (definition === undefined) throw malformed(`the instance at byte ${at} is of a component that nothing implements`);
		const supply = this.#shared.conformance.supply(this.#named(args, at));
		return ComponentExecution.run(definition, this.#shared, supply, scope, this.#depth + 1);
	}

	#named(items: Extract<Definition, { readonly kind: "inline instance" }>["exports"], at: number): ReadonlyMap<string, Item> {
		const named = new Map<string, Item>();
		for (const { name, sort, index } of items) named.set(name, this.#scope.get(sort, index, at));
		return named;
	}

	#defineType(definition: Extract<Definition, { readonly kind: "type" }>): void {
		const { type, at } = definition;
		if (type.kind !== "resource") {
			this.#shared.declarations.defineType({ kind: "type", type, at }, this.#scope);
			return;
		}
		const destructor = type.destructor === undefined ? undefined : coreFunction(this.#scope, type.destructor, "i>", "a destructor", at);
		this.#scope.add({ sort: "type", type: this.#shared.builder.addResource(this.#instance, destructor) });
	}

	#lift({ core, options, type: index, at }: Extract<Definition, { readonly kind: "lift" }>): Item {
		const { type } = this.#scope.get("type", index, at);
		if (type.kind !== "function") throw malformed(`type ${index}, which the lift at byte ${at} uses as a function type, is none`);
		const resolved = canonicalOptions(options, type, this.#scope, at);
		if (type.unsupported === undefined) requireOptions("lift", type, resolved, at);
		const lifted = { instance: this.#instance, core: this.#liftedCore(core, type, at), options: resolved, at };
		return { sort: "function", type, source: { kind: "lifted", lifted } };
	}

	/** Returns the core function of a lift. The signature of a function that cannot be called is not known. */
	#liftedCore(index: number, type: FunctionNode, at: number): CoreItem {
		if (type.unsupported !== undefined) return this.#scope.get("core function", index, at).item;
		return coreFunction(this.#scope, index, liftedSignature(type), "a lift", at);
	}

	#lower({ function: index, options, at }: Extract<Definition, { readonly kind: "lower" }>): Item {
		const item = this.#scope.get("function", index, at);
		const resolved = canonicalOptions(options, item.type, this.#scope, at);
		if (item.type.unsupported === undefined) requireOptions("lower", item.type, resolved, at);
		return this.#shared.builder.addLowering(item, this.#instance, resolved, at);
	}

	#resourceFunction({
		kind,
		resource: index,
		at,
	}: Extract<Definition, { readonly kind: "resource.new" | "resource.rep" | "resource.drop" }>): Item {
		const resource = resourceAt(this.#scope, index, at);
		const instance = this.#instance;
		const { builder } = this.#shared;
		if (kind === "resource.drop") return builder.addTrampoline({ kind, instance, resource: resourceRef(resource) }, "i>");
		if (resource.kind !== "guest resource" || resource.instance !== instance)
			throw malformed(`${kind} at byte ${at} is of a resource that another component defines`);
		return builder.addTrampoline({ kind, instance, resource: resource.guest }, "i>i");
	}

	#export({ name, sort, index, extern, at }: Extract<Definition, { readonly kind: "export" }>): void {
		requireNewName(name, this.#exportNames, at);
		const item: Item = this.#scope.get(sort, index, at);
		const seen = extern === undefined ? item : this.#shared.conformance.check(name, item, wantedBy(extern, this.#scope, at), at);
		if (sort.startsWith("core ") && sort !== "core module") throw malformed(`its export ${quoted(name)} at byte ${at} is a ${sort}`);
		this.#scope.add(seen);
		this.#exports.set(name, seen);
	}
}

/** Returns the item that an alias of a core export refers to. */
function coreExport(alias: Extract<Definition, { readonly kind: "alias core export" }>, scope: ItemScope): CoreEntity {
	const { sort, name, at } = alias;
	const instance = scope.get("core instance", alias.instance, at);
	if (instance.step === undefined) {
		const item = instance.items.get(name);
		if (item?.sort === sort) return item;
	} else {
		const surface = instance.exports.get(name);
		if (surface?.sort === sort) return { sort, signature: surface.signature, item: { step: instance.step, name } };
	}
	throw malformed(`the alias at byte ${at} refers to the ${sort} ${quoted(name)}, which the core instance does not export`);
}
