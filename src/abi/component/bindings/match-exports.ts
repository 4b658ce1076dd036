import type { ConstructorLifting, ExportLifting, InterfaceLifting } from "../../../../generated/abi/component/lowering/runtime.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { relationOf } from "../abi-version.ts";
import { splitVersion } from "../import-object.ts";
import { ROOT_INTERFACE } from "../plan/host-imports.ts";
import type { LiftedFunction, Plan } from "../plan/plan.ts";

/** Longest part of a type that a message shows, in characters. */
const MAX_SHOWN = 500;

/** A function that a component exports and that the bindings can call. */
export interface MatchedFunction<Lifting = ExportLifting> {
	readonly lifted: LiftedFunction;
	readonly lifting: Lifting;
}

/** An exported interface with the functions of one component. */
export interface MatchedInterface {
	readonly lifting: InterfaceLifting;
	/** By WIT name. */
	readonly functions: ReadonlyMap<string, MatchedFunction>;
	/** By the name of the class. */
	readonly constructors: ReadonlyMap<string, MatchedFunction<ConstructorLifting>>;
}

export interface MatchedExports {
	readonly interfaces: readonly MatchedInterface[];
	/** Numbers of the guest's resources in its plan, by interface and name: `my:store/buckets.bucket`. */
	readonly resources: ReadonlyMap<string, number>;
}

/**
 * Compares the exports of a component with those that bindings can call: the versions, the names, and the structure of each function's type.
 *
 * @throws SpearError `invalid_request` naming the first function that is missing, differs, or needs what the engine does not have.
 */
export function matchExports(component: string, plan: Plan, interfaces: readonly InterfaceLifting[]): MatchedExports {
	const places = placesOf(plan);
	const numbers = new GuestResources();
	const matched = interfaces.map((lifting): MatchedInterface => {
		const place = lifting.name === ROOT_INTERFACE ? { prefix: "", version: undefined } : places.get(lifting.name);
		const name = lifting.version === "" ? lifting.name : `${lifting.name}@${lifting.version}`;
		if (place?.version !== undefined && relationOf(lifting.version, place.version) !== "compatible")
			throw refuse(component, `it exports ${lifting.name} ${place.version}, and the bindings are those of ${lifting.version}`);
		const find = <L extends ConstructorLifting | ExportLifting>(wit: string, each: L | undefined): MatchedFunction<L> => {
			const shown = lifting.name === ROOT_INTERFACE ? wit : `${name}#${wit}`;
			const exported = place === undefined ? undefined : `${place.prefix}${wit}`;
			const lifted = exported !== undefined && Object.hasOwn(plan.exports, exported) ? plan.exports[exported] : undefined;
			if (lifted === undefined) throw refuse(component, `it does not export ${shown}; build it for the world of the bindings`);
			if (each === undefined)
				throw refuse(component, `it exports ${shown}, whose type this host cannot call: ${lifted.key.slice(0, MAX_SHOWN)}`);
			if (!numbers.match(each.key, lifted.key)) {
				const types = `\`${lifted.key.slice(0, MAX_SHOWN)}\`, and the bindings call \`${each.key.slice(0, MAX_SHOWN)}\``;
				throw refuse(component, `its export ${shown} has the type ${types}; build it for the world of the bindings`);
			}
			return { lifted, lifting: each };
		};
		const functions = Object.entries(lifting.functions).map(([wit, each]) => [wit, find(wit, each)] as const);
		const constructors = Object.entries(lifting.constructors).map(
			([className, each]) => [className, find(`[constructor]${lifting.resources[className]?.name}`, each)] as const,
		);
		return { lifting, functions: new Map(functions), constructors: new Map(constructors) };
	});
	return { interfaces: matched, resources: numbers.found };
}

/** Beginning of the names of each exported interface, and its version, by name without version. */
function placesOf(plan: Plan): ReadonlyMap<string, { readonly prefix: string; readonly version: string | undefined }> {
	const places = new Map<string, { readonly prefix: string; readonly version: string | undefined }>();
	for (const exported of Object.keys(plan.exports)) {
		const end = exported.indexOf("#");
		if (end === -1) continue;
		const { base, version } = splitVersion(exported.slice(0, end));
		if (!places.has(base)) places.set(base, { prefix: exported.slice(0, end + 1), version });
	}
	return places;
}

/** Finds out which of the guest's resources is which. A component numbers its own, and the bindings name them. */
class GuestResources {
	readonly found = new Map<string, number>();
	readonly #names = new Map<number, string>();

	/** True if both keys are the same for one assignment of numbers to names, that of all earlier keys included. */
	match(expected: string, actual: string): boolean {
		const handle = /<(\^[^<>]*|guest\.\d+)>/g;
		if (expected.replace(handle, "<>") !== actual.replace(handle, "<>")) return false;
		const names = [...expected.matchAll(handle)];
		const numbers = [...actual.matchAll(handle)];
		return names.length === numbers.length && names.every(([, name = ""], index) => this.#assign(name, numbers[index]?.[1] ?? ""));
	}

	#assign(name: string, guest: string): boolean {
		if (!name.startsWith("^") || !guest.startsWith("guest.")) return false;
		const resource = name.slice(1);
		const number = Number(guest.slice("guest.".length));
		if (this.found.has(resource) || this.#names.has(number))
			return this.found.get(resource) === number && this.#names.get(number) === resource;
		this.found.set(resource, number);
		this.#names.set(number, resource);
		return true;
	}
}

function refuse(component: string, why: string): SpearError {
	return new SpearError("invalid_request", `${component} cannot be loaded: ${why}`);
}
