import type {
	CanonicalOptions,
	CoreItem,
	GuestResource,
	LiftedFunction,
	Plan,
	PlannedInterface,
	PlannedType,
	ResourceRef,
	Step,
	Trampoline,
	ValueType,
} from "../plan/plan.ts";
import { isRecord } from "../toolchain.ts";
import { broken } from "./manifest.ts";

/** Bounds of a plan. The planner holds the same ones. */
const MAX_STEPS = 64;
const MAX_INSTANCES = 1_000;
const MAX_ITEMS = 100_000;
const MAX_TYPE_DEPTH = 64;
const MAX_TYPES = 100_000;

/**
 * Reads the plan of a prepared agent. The form is checked whole, because the linker trusts it: every index is in its range, and a core instance
 * refers only to earlier ones.
 *
 * @param where Names the file in messages.
 * @throws SpearError `invalid_request` naming the first fault.
 */
export function parsePlan(text: string, where: string, modules: number): Plan {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw broken(where, "is not JSON", cause);
	}
	return new PlanReader(where, modules).plan(value);
}

class PlanReader {
	readonly #where: string;
	readonly #modules: number;
	#instances = 0;
	#resources = 0;
	#steps = 0;
	#trampolines = 0;
	#types = 0;
	/** Value types read so far. */
	#typeNodes = 0;

	constructor(where: string, modules: number) {
		this.#where = where;
		this.#modules = modules;
	}

	plan(value: unknown): Plan {
		const plan = this.#record(value, "the plan");
		if (plan.modules !== this.#modules) throw this.#fault("modules");
		this.#instances = this.#index(plan.instances, MAX_INSTANCES + 1, "instances");
		const resources = this.#list(plan.resources, "resources");
		const steps = this.#list(plan.steps, "steps", MAX_STEPS);
		const trampolines = this.#list(plan.trampolines, "trampolines");
		const types = this.#list(plan.types, "types");
		this.#resources = resources.length;
		this.#trampolines = trampolines.length;
		this.#types = types.length;
		const readSteps = steps.map((step) => this.#step(step));
		const exports: Record<string, LiftedFunction> = Object.create(null);
		for (const [name, lifted] of Object.entries(this.#record(plan.exports, "exports"))) exports[name] = this.#lifted(lifted);
		return {
			imports: this.#list(plan.imports, "imports").map((each) => this.#interface(each)),
			modules: this.#modules,
			instances: this.#instances,
			resources: resources.map((each) => this.#resource(each)),
			steps: readSteps,
			trampolines: trampolines.map((each) => this.#trampoline(each)),
			exports,
			types: types.map((each) => this.#type(each)),
		};
	}

	#interface(value: unknown): PlannedInterface {
		const { name, functions, resources } = this.#record(value, "an import");
		const keys: Record<string, string> = Object.create(null);
		for (const [each, key] of Object.entries(this.#record(functions, "functions"))) keys[each] = this.#text(key, "a type key");
		return {
			name: this.#text(name, "the name of an import"),
			functions: keys,
			resources: this.#list(resources, "resources").map((each) => this.#text(each, "a resource")),
		};
	}

	#resource(value: unknown): GuestResource {
		const { instance, destructor } = this.#record(value, "a resource");
		return { instance: this.#instance(instance), ...(destructor === undefined ? {} : { destructor: this.#item(destructor) }) };
	}

	#step(value: unknown): Step {
		const { module, instance, imports } = this.#record(value, "a step");
		const read: Step = {
			module: this.#index(module, this.#modules, "module"),
			instance: this.#instance(instance),
			imports: this.#list(imports, "imports").map((each) => {
				const [name, from] = this.#list(each, "an import of a step", 2);
				const source = this.#record(from, "an import of a step");
				if (source.items === undefined) return [this.#text(name, "a module"), { step: this.#index(source.step, this.#steps, "step") }];
				const items = this.#list(source.items, "items").map((item) => {
					const [key, core] = this.#list(item, "an item", 2);
					return [this.#text(key, "an item"), this.#item(core)] as const;
				});
				return [this.#text(name, "a module"), { items }];
			}),
		};
		this.#steps += 1;
		return read;
	}

	#trampoline(value: unknown): Trampoline {
		const { kind, instance, interface: iface, function: name, options, callee, resource } = this.#record(value, "a trampoline");
		switch (kind) {
			case "lower-import":
				return {
					kind,
					instance: this.#instance(instance),
					interface: this.#text(iface, "an interface"),
					function: this.#text(name, "a function"),
					options: this.#options(options),
				};
			case "lower-lifted":
				return { kind, instance: this.#instance(instance), callee: this.#lifted(callee), options: this.#options(options) };
			case "resource.new":
			case "resource.rep":
				return { kind, instance: this.#instance(instance), resource: this.#index(resource, this.#resources, "resource") };
			case "resource.drop":
				return { kind, instance: this.#instance(instance), resource: this.#ref(resource) };
			default:
				throw this.#fault("the kind of a trampoline");
		}
	}

	#lifted(value: unknown): LiftedFunction {
		const { instance, core, options, key, type } = this.#record(value, "a lifted function");
		return {
			instance: this.#instance(instance),
			core: this.#item(core),
			options: this.#options(options),
			key: this.#text(key, "a type key"),
			...(type === undefined ? {} : { type: this.#index(type, this.#types, "type") }),
		};
	}

	#options(value: unknown): CanonicalOptions {
		const { memory, realloc, postReturn } = this.#record(value, "options");
		return {
			...(memory === undefined ? {} : { memory: this.#item(memory) }),
			...(realloc === undefined ? {} : { realloc: this.#item(realloc) }),
			...(postReturn === undefined ? {} : { postReturn: this.#item(postReturn) }),
		};
	}

	#item(value: unknown): CoreItem {
		const { step, name, trampoline } = this.#record(value, "a core item");
		if (trampoline !== undefined) return { trampoline: this.#index(trampoline, this.#trampolines, "trampoline") };
		return { step: this.#index(step, MAX_STEPS, "step"), name: this.#text(name, "a core name") };
	}

	#ref(value: unknown): ResourceRef {
		const { guest, interface: iface, name } = this.#record(value, "a resource");
		if (guest !== undefined) return { guest: this.#index(guest, this.#resources, "resource") };
		return { interface: this.#text(iface, "an interface"), name: this.#text(name, "a resource") };
	}

	#type(value: unknown): PlannedType {
		const { params, result } = this.#record(value, "a type");
		return {
			params: this.#list(params, "params").map((param) => this.#field(param, 0)),
			...(result === undefined ? {} : { result: this.#valueType(result, 0) }),
		};
	}

	#field(value: unknown, depth: number): { readonly name: string; readonly type: ValueType } {
		const { name, type } = this.#record(value, "a field");
		return { name: this.#text(name, "a field"), type: this.#valueType(type, depth) };
	}

	#valueType(value: unknown, depth: number): ValueType {
		this.#typeNodes += 1;
		if (depth > MAX_TYPE_DEPTH || this.#typeNodes > MAX_TYPES) throw this.#fault("the size of a type");
		const type = this.#record(value, "a type");
		const inner = (part: unknown): ValueType => this.#valueType(part, depth + 1);
		const { kind } = type;
		switch (kind) {
			case "bool":
			case "s8":
			case "u8":
			case "s16":
			case "u16":
			case "s32":
			case "u32":
			case "s64":
			case "u64":
			case "f32":
			case "f64":
			case "char":
			case "string":
				return { kind };
			case "record":
				return { kind, fields: this.#list(type.fields, "fields").map((field) => this.#field(field, depth + 1)) };
			case "variant":
				return {
					kind,
					cases: this.#list(type.cases, "cases").map((each) => {
						const { name, type: payload } = this.#record(each, "a case");
						return { name: this.#text(name, "a case"), ...(payload === undefined ? {} : { type: inner(payload) }) };
					}),
				};
			case "tuple":
				return { kind, items: this.#list(type.items, "items").map(inner) };
			case "list":
				return { kind, element: inner(type.element) };
			case "option":
				return { kind, some: inner(type.some) };
			case "result":
				return {
					kind,
					...(type.ok === undefined ? {} : { ok: inner(type.ok) }),
					...(type.err === undefined ? {} : { err: inner(type.err) }),
				};
			case "enum":
			case "flags":
				return { kind, names: this.#list(type.names, "names").map((name) => this.#text(name, "a name")) };
			case "own":
			case "borrow":
				return { kind, resource: this.#ref(type.resource) };
			default:
				throw this.#fault("the kind of a type");
		}
	}

	#instance(value: unknown): number {
		return this.#index(value, this.#instances, "instance");
	}

	#index(value: unknown, end: number, what: string): number {
		if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value >= end) throw this.#fault(what);
		return value;
	}

	#text(value: unknown, what: string): string {
		if (typeof value !== "string") throw this.#fault(what);
		return value;
	}

	#list(value: unknown, what: string, most = MAX_ITEMS): readonly unknown[] {
		if (!Array.isArray(value) || value.length > most) throw this.#fault(what);
		return value;
	}

	#record(value: unknown, what: string): Readonly<Record<string, unknown>> {
		if (!isRecord(value) || Array.isArray(value)) throw this.#fault(what);
		return value;
	}

	#fault(what: string): Error {
		return broken(this.#where, `is not the plan of a component: ${what} is wrong`);
	}
}
