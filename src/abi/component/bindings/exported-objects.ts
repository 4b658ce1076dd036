import type { CallContext, ExportedResources, ResourceType } from "../../../../generated/abi/component/lowering/runtime.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { LinkedInstance } from "../link/link-instance.ts";
import type { PassedObjects } from "./value-check.ts";

/** Class of the host's objects for a resource that a guest implements. */
export interface ExportedClass {
	readonly name: string;
	readonly prototype: object;
}

/** The guest's side of one object. */
interface Held {
	readonly resource: ResourceType;
	readonly representation: unknown;
}

/** The objects of the host for the resources that one guest implements. Such an object lives until it is disposed of or passed to the guest. */
export class ExportedObjects implements ExportedResources, PassedObjects {
	readonly #linked: LinkedInstance;
	/** Numbers of resources in the plan, by interface and name. */
	readonly #numbers: ReadonlyMap<string, number>;
	readonly #types = new Map<ResourceType, ReturnType<LinkedInstance["guestResource"]>>();
	readonly #classes = new Map<ResourceType, ExportedClass>();
	readonly #held = new WeakMap<object, Held>();
	/** Objects that the arguments of the next call pass. */
	readonly #passed = new Map<object, "own" | "borrow">();

	constructor(linked: LinkedInstance, numbers: ReadonlyMap<string, number>) {
		this.#linked = linked;
		this.#numbers = numbers;
	}

	/** Sets the class of the objects of a resource. */
	define(resource: ResourceType, made: ExportedClass): void {
		this.#classes.set(resource, made);
	}

	/** Begins the arguments of a call. */
	beginPassing(): void {
		this.#passed.clear();
	}

	pass(value: unknown, resource: string, mode: "own" | "borrow"): boolean {
		if (typeof value !== "object" || value === null) return false;
		const held = this.#held.get(value)?.resource;
		if (held === undefined || `${held.interface}.${held.name}` !== resource) return false;
		const earlier = this.#passed.get(value);
		this.#passed.set(value, mode);
		// What is given away can be passed once only.
		return earlier === undefined || (earlier === "borrow" && mode === "borrow");
	}

	take<T>(context: CallContext, index: number, resource: ResourceType<T>): T {
		const representation = context.component.take(index, this.#of(resource).type);
		const made = Object.create(this.#classes.get(resource)?.prototype ?? null);
		this.#held.set(made, { resource, representation });
		return made;
	}

	give<T>(context: CallContext, value: T, resource: ResourceType<T>): number {
		const { representation } = this.#find(value, resource);
		if (typeof value === "object" && value !== null) this.#held.delete(value);
		return context.component.add(this.#of(resource).type, representation);
	}

	lend<T>(context: CallContext, value: T, resource: ResourceType<T>): number {
		const { representation } = this.#find(value, resource);
		const { type } = this.#of(resource);
		// The component instance that implements a resource receives its own representation.
		if (type.owner === context.component) return Number(representation);
		return context.component.addBorrow(type, representation);
	}

	/** Makes one object stand for the resource of another, which the lifting of a constructor has made. */
	adopt(object: object, made: unknown): void {
		const held = typeof made === "object" && made !== null ? this.#held.get(made) : undefined;
		if (held !== undefined) this.#held.set(object, held);
	}

	/** Destroys the resource of an object. Does nothing if that has happened before. */
	dispose(value: object): void {
		const held = this.#held.get(value);
		if (held === undefined) return;
		this.#held.delete(value);
		this.#of(held.resource).destroy(held.representation);
	}

	#find(value: unknown, resource: ResourceType): Held {
		const held = typeof value === "object" && value !== null ? this.#held.get(value) : undefined;
		if (held?.resource === resource) return held;
		throw new SpearError(
			"invalid_request",
			`a \`${resource.name}\` of this instance is expected; the object is of another resource or instance, or was disposed of or given away`,
		);
	}

	#of(resource: ResourceType): ReturnType<LinkedInstance["guestResource"]> {
		const known = this.#types.get(resource);
		if (known !== undefined) return known;
		const number = this.#numbers.get(`${resource.interface}.${resource.name}`);
		if (number === undefined) throw new SpearError("internal", `the guest has no resource ${resource.interface}.${resource.name}`);
		const found = this.#linked.guestResource(number);
		this.#types.set(resource, found);
		return found;
	}
}
