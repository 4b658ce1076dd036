import {
	CallContext,
	ComponentState,
	type CoreFunction,
	type FunctionLowering,
	type GuestState,
	type HostSlot,
	type LinearMemory,
	type Realloc,
	ResourceType,
} from "../../../../generated/abi/component/lowering/runtime.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { CoreImports, CoreModule } from "../../web-assembly.ts";
import { webAssembly } from "../../web-assembly.ts";
import type { CanonicalOptions, CoreItem, LiftedFunction, Plan, ResourceRef, Step, Trampoline } from "../plan/plan.ts";
import { nestedCall } from "./nested-call.ts";
import type { OfferedInterfaces } from "./offered-interfaces.ts";

/** Imports that a metered core module needs beside those of its component. */
export interface StepMeter {
	readonly imports: CoreImports;
	/** Receives the exports of the core instance, in which the counter is. */
	attach(exports: Readonly<Record<string, unknown>>): void;
}

/** Parts of an instantiation. */
export interface LinkParts {
	/** Name of the component, for messages. */
	readonly name: string;
	readonly plan: Plan;
	readonly modules: readonly CoreModule[];
	readonly offered: OfferedInterfaces;
	readonly guest: GuestState;
	/** Absent for core modules without metering. */
	readonly meter: (() => StepMeter) | undefined;
}

/** A host's function that the instance calls, with the place that holds it. */
export interface OpenSlot {
	/** Interface with version. */
	readonly interface: string;
	/** Interface without version. */
	readonly base: string;
	/** WIT name. */
	readonly function: string;
	readonly slot: HostSlot;
	/** True if the slot has a function of the host. */
	isFilled: boolean;
	/** True if the function is asynchronous. Asked when the function is linked, and only where the lowering leaves it to the function. */
	waits: boolean;
}

/** The core instances of one guest, linked by its plan. */
export class LinkedInstance {
	readonly guest: GuestState;
	readonly #parts: LinkParts;
	readonly #components: ComponentState[];
	readonly #resources: ResourceType[];
	readonly #steps: Readonly<Record<string, unknown>>[] = [];
	readonly #trampolines: (CoreFunction | undefined)[] = [];
	readonly #slots: OpenSlot[] = [];
	readonly #contexts = new Map<string, CallContext>();
	readonly #fill: (open: OpenSlot) => void;

	/**
	 * Creates the core instances.
	 *
	 * @param fill Called with each function of the host when the function is linked. May set the target, also later.
	 */
	constructor(parts: LinkParts, fill: (open: OpenSlot) => void) {
		this.#parts = parts;
		this.guest = parts.guest;
		const { plan } = parts;
		this.#components = Array.from({ length: plan.instances }, () => new ComponentState(parts.guest));
		this.#resources = plan.resources.map(({ instance }, index) => new ResourceType("", `guest.${index}`, this.#component(instance)));
		this.#fill = fill;
		for (const step of plan.steps) this.#steps.push(this.#instantiate(step));
	}

	/** The host's functions that the instance can call. */
	get slots(): readonly OpenSlot[] {
		return this.#slots;
	}

	/** Context and core functions of an exported function, for its lifting. */
	exported(lifted: LiftedFunction): {
		readonly context: CallContext;
		readonly core: CoreFunction;
		readonly free: CoreFunction | undefined;
	} {
		const { postReturn } = lifted.options;
		return {
			context: this.#context(lifted.instance, lifted.options),
			core: this.#function(lifted.core),
			free: postReturn === undefined ? undefined : this.#function(postReturn),
		};
	}

	/** Number of open handles of all component instances. */
	get handles(): number {
		return this.#components.reduce((sum, component) => sum + component.handles, 0);
	}

	#instantiate(step: Step): Readonly<Record<string, unknown>> {
		const imports: Record<string, Readonly<Record<string, unknown>>> = Object.create(null);
		for (const [module, from] of step.imports) {
			if ("step" in from) {
				imports[module] = this.#step(from.step);
				continue;
			}
			const items: Record<string, unknown> = Object.create(null);
			for (const [name, item] of from.items) items[name] = this.#item(item);
			imports[module] = items;
		}
		const meter = this.#parts.meter?.();
		const { guest } = this;
		guest.forbidWaiting();
		const module = this.#parts.modules[step.module];
		if (module === undefined) throw new SpearError("internal", `${this.#parts.name} lacks its core module ${step.module}`);
		const exports = this.#start(module, meter === undefined ? imports : Object.assign(imports, meter.imports));
		meter?.attach(exports);
		guest.allowWaiting();
		return exports;
	}

	#start(module: CoreModule, imports: CoreImports): Readonly<Record<string, unknown>> {
		try {
			return new webAssembly.Instance(module, imports).exports;
		} catch (cause) {
			throw this.guest.escaped("its start function", cause);
		}
	}

	#item(item: CoreItem): unknown {
		return "trampoline" in item ? this.#trampoline(item.trampoline) : this.#step(item.step)[item.name];
	}

	#step(index: number): Readonly<Record<string, unknown>> {
		const exports = this.#steps[index];
		if (exports === undefined)
			throw new SpearError("invalid_request", `${this.#parts.name} refers to core instance ${index} before it exists`);
		return exports;
	}

	#trampoline(index: number): CoreFunction {
		const known = this.#trampolines[index];
		if (known !== undefined) return known;
		const trampoline = this.#parts.plan.trampolines[index];
		if (trampoline === undefined) throw new SpearError("internal", `${this.#parts.name} has no trampoline ${index}`);
		const made = this.#make(trampoline);
		this.#trampolines[index] = made;
		return made;
	}

	#make(trampoline: Trampoline): CoreFunction {
		switch (trampoline.kind) {
			case "lower-import":
				return this.#lowerImport(trampoline);
			case "lower-lifted":
				return this.#lowerLifted(trampoline);
			case "resource.new": {
				const component = this.#component(trampoline.instance);
				const type = this.#guestResource(trampoline.resource);
				return (value: number) => component.add(type, value);
			}
			case "resource.rep": {
				const component = this.#component(trampoline.instance);
				const type = this.#guestResource(trampoline.resource);
				return (index: number) => component.get(index, type);
			}
			case "resource.drop":
				return this.#drop(trampoline.instance, trampoline.resource);
		}
	}

	#lowerImport(trampoline: Extract<Trampoline, { kind: "lower-import" }>): CoreFunction {
		const { interface: iface, function: name } = trampoline;
		const lowering: FunctionLowering | undefined = this.#parts.offered.function(iface, name);
		if (lowering === undefined)
			throw new SpearError("invalid_request", `${this.#parts.name} calls ${iface}#${name}, which this host does not offer`);
		const slot: HostSlot = { target: () => this.#unbound(`${iface}#${name}`) };
		const open: OpenSlot = {
			interface: iface,
			base: this.#parts.offered.baseOf(iface),
			function: name,
			slot,
			isFilled: false,
			waits: false,
		};
		this.#slots.push(open);
		this.#fill(open);
		const core = lowering.lower(this.#context(trampoline.instance, trampoline.options), slot);
		const waits = lowering.waits === "either" ? open.waits : lowering.waits;
		return waits ? new webAssembly.Suspending(core) : core;
	}

	#unbound(name: string): never {
		throw this.guest.trap(`${name} was called while the guest was starting; hostcalls are available inside \`run\``);
	}

	#lowerLifted({ instance, callee, options }: Extract<Trampoline, { kind: "lower-lifted" }>): CoreFunction {
		const type = callee.type === undefined ? undefined : this.#parts.plan.types[callee.type];
		if (type === undefined) throw new SpearError("invalid_request", `${this.#parts.name} has no type for a call between its components`);
		const resource = (ref: ResourceRef): ResourceType => this.#resource(ref);
		return nestedCall(
			{ context: this.#context(instance, options), resource },
			{ ...this.exported(callee), resource, name: "a call between components of the guest" },
			type,
		);
	}

	#drop(instance: number, ref: ResourceRef): CoreFunction {
		const component = this.#component(instance);
		const type = this.#resource(ref);
		const destructor = "guest" in ref ? this.#parts.plan.resources[ref.guest]?.destructor : undefined;
		const { guest } = this;
		return (index: number) => {
			if (guest.ended !== undefined) throw guest.trap(guest.ended);
			if (!component.mayLeave)
				throw guest.trap("the guest dropped a handle inside realloc, post-return or a destructor, where it must not");
			const dropped = component.drop(index, type);
			if (dropped === undefined) return;
			if (!("guest" in ref)) disposeOf(dropped.value);
			else if (destructor !== undefined) this.#destroy(destructor, dropped.value);
		};
	}

	/** Returns the type of a resource that the guest implements, and the function that destroys one by its representation. */
	guestResource(index: number): { readonly type: ResourceType; destroy(representation: unknown): void } {
		const destructor = this.#parts.plan.resources[index]?.destructor;
		return {
			type: this.#guestResource(index),
			destroy: (representation) => {
				if (destructor !== undefined && this.guest.ended === undefined) this.#destroy(destructor, representation);
			},
		};
	}

	#destroy(destructor: CoreItem, representation: unknown): void {
		const { guest } = this;
		guest.forbidWaiting();
		try {
			Reflect.apply(this.#function(destructor), undefined, [representation]);
		} catch (cause) {
			throw guest.escaped("a destructor", cause);
		}
		guest.allowWaiting();
	}

	/** Contexts with equal options share their views of memory. */
	#context(instance: number, options: CanonicalOptions): CallContext {
		const { memory, realloc } = options;
		let key = contextKeys.get(options);
		if (key === undefined) {
			key = JSON.stringify([instance, memory, realloc]);
			contextKeys.set(options, key);
		}
		const known = this.#contexts.get(key);
		if (known !== undefined) return known;
		const made = new CallContext(
			this.#component(instance),
			memory === undefined ? undefined : this.#memory(memory),
			realloc === undefined ? undefined : this.#realloc(realloc),
		);
		this.#contexts.set(key, made);
		return made;
	}

	#memory(item: CoreItem): LinearMemory {
		const found = this.#item(item);
		if (!isMemory(found)) throw new SpearError("invalid_request", `${this.#parts.name} names a memory that is none`);
		return found;
	}

	#realloc(item: CoreItem): Realloc {
		const found = this.#item(item);
		if (!isRealloc(found)) throw new SpearError("invalid_request", `${this.#parts.name} names a realloc that is no function`);
		return found;
	}

	#function(item: CoreItem): CoreFunction {
		const found = this.#item(item);
		if (!isFunction(found)) throw new SpearError("invalid_request", `${this.#parts.name} names a function that is none`);
		return found;
	}

	#resource(ref: ResourceRef): ResourceType {
		if ("guest" in ref) return this.#guestResource(ref.guest);
		const found = this.#parts.offered.resource(ref);
		if (found === undefined)
			throw new SpearError(
				"invalid_request",
				`${this.#parts.name} uses the resource ${ref.interface}.${ref.name}, which this host does not offer`,
			);
		return found;
	}

	#guestResource(index: number): ResourceType {
		const found = this.#resources[index];
		if (found === undefined) throw new SpearError("internal", `${this.#parts.name} has no resource ${index}`);
		return found;
	}

	#component(index: number): ComponentState {
		const found = this.#components[index];
		if (found === undefined) throw new SpearError("internal", `${this.#parts.name} has no component instance ${index}`);
		return found;
	}
}

/** Keys of contexts by the options of a plan, which all instances of a component share. Options belong to one component instance. */
const contextKeys = new WeakMap<CanonicalOptions, string>();

function disposeOf(value: unknown): void {
	if (typeof value !== "object" || value === null || !(Symbol.dispose in value)) return;
	const { [Symbol.dispose]: dispose } = value;
	if (typeof dispose === "function") Reflect.apply(dispose, value, []);
}

function isFunction(value: unknown): value is CoreFunction {
	return typeof value === "function";
}

function isRealloc(value: unknown): value is Realloc {
	return typeof value === "function";
}

function isMemory(value: unknown): value is LinearMemory {
	return value instanceof webAssembly.Memory;
}
