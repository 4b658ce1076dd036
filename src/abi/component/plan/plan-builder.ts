import { malformed } from "../../binary/byte-reader.ts";
import { type CoreInterface, type CoreSignature, type CoreSurface, readCoreInterface } from "../../binary/core-interface.ts";
import type { CoreModuleDefinition } from "../binary/definition.ts";
import { quoted } from "../binary/read-label.ts";
import { loweredSignature } from "./flat-type.ts";
import type { CoreEntity, CoreInstanceItem, FunctionItem, LiftedItem } from "./item.ts";
import type {
	CanonicalOptions,
	CoreItem,
	GuestResource,
	LiftedFunction,
	Plan,
	PlannedInterface,
	PlannedType,
	Step,
	Trampoline,
} from "./plan.ts";
import { PlanBudget } from "./plan-budget.ts";
import { plannedType } from "./planned-type.ts";
import { functionKey } from "./type-key.ts";
import type { FunctionNode, ResourceType } from "./type-node.ts";

/** Collects the parts of a plan, each within its bound. */
export class PlanBuilder {
	readonly budget = new PlanBudget();
	readonly imports: PlannedInterface[] = [];
	readonly #surfaces = new Map<CoreModuleDefinition, CoreInterface>();
	readonly #resources: GuestResource[] = [];
	readonly #steps: Step[] = [];
	readonly #trampolines: Trampoline[] = [];
	readonly #exports = new Map<string, LiftedFunction>();
	readonly #types: PlannedType[] = [];
	readonly #typeIndices = new Map<FunctionNode, number>();
	readonly #keys = new Map<FunctionNode, string>();
	readonly #lifted = new Map<LiftedItem, LiftedFunction>();
	#instances = 0;

	/** Returns the number of a new component instance. */
	addInstance(): number {
		this.budget.spend("component instances");
		this.#instances += 1;
		return this.#instances - 1;
	}

	addResource(instance: number, destructor: CoreItem | undefined): ResourceType {
		if (destructor !== undefined) this.spendItem(destructor);
		const guest = this.#resources.push(destructor === undefined ? { instance } : { instance, destructor }) - 1;
		return { kind: "guest resource", guest, instance };
	}

	/** Adds a core instance. Refuses imports of the module that no argument has, by their names. */
	addStep(definition: CoreModuleDefinition, instance: number, args: ReadonlyMap<string, CoreInstanceItem>, at: number): CoreInstanceItem {
		this.budget.spend("core instances");
		const surface = this.#surface(definition);
		const wholes = new Map<string, number>();
		const items = new Map<string, Map<string, CoreItem>>();
		for (const { module, name, sort, signature } of surface.imports) {
			const from = args.get(module);
			const found = from === undefined ? undefined : exportOf(from, name);
			if (from === undefined || found?.sort !== sort)
				throw malformed(`the core instance at byte ${at} is not supplied with the ${sort} ${quoted(name)} of ${quoted(module)}`);
			if (found.signature !== signature)
				throw malformed(`the core instance at byte ${at} expects ${quoted(name)} of ${quoted(module)} with another signature`);
			if (from.step !== undefined) wholes.set(module, from.step);
			else this.#single(items, module, name, found);
		}
		const imports = [
			...[...wholes].map(([module, step]) => [module, { step }] as const),
			...[...items].map(([module, singles]) => [module, { items: [...singles] }] as const),
		];
		for (const [module] of imports) this.#spendText(module.length);
		const step = this.#steps.push({ module: definition.index, instance, imports }) - 1;
		return { sort: "core instance", step, exports: surface.exports };
	}

	/** Adds a function for core code. */
	addTrampoline(trampoline: Trampoline, signature: CoreSignature): CoreEntity {
		this.budget.spend("lowered functions");
		return { sort: "core function", signature, item: { trampoline: this.#trampolines.push(trampoline) - 1 } };
	}

	/** Adds the lowering of a function. `at` is the byte of the lower. */
	addLowering({ type, source }: FunctionItem, instance: number, options: CanonicalOptions, at: number): CoreEntity {
		if (source === undefined) throw malformed(`the lower at byte ${at} refers to a function that nothing implements`);
		this.#spendOptions(options);
		if (source.kind === "host") {
			if (type.unsupported !== undefined)
				throw malformed(
					`it calls ${quoted(source.name)} of ${quoted(source.interface)}, whose type uses ${type.unsupported}, which this host does not support`,
				);
			this.#spendText(source.interface.length + source.name.length);
			return this.addTrampoline(
				{ kind: "lower-import", instance, interface: source.interface, function: source.name, options },
				loweredSignature(type),
			);
		}
		const callee = this.#lift(source.lifted, type, `the lower at byte ${at}`);
		return this.addTrampoline({ kind: "lower-lifted", instance, callee, options }, loweredSignature(type));
	}

	/** Adds an exported function of the whole component. */
	addExport(name: string, { type, source }: FunctionItem): void {
		this.budget.spend("exported functions");
		if (this.#exports.has(name)) throw malformed(`its export ${quoted(name)} stands for two functions`);
		this.#spendText(name.length);
		if (source?.kind !== "lifted")
			throw malformed(`its export ${quoted(name)} is a function that it imports; this host calls functions of guests only`);
		this.#exports.set(name, this.#lift(source.lifted, type, `its export ${quoted(name)}`));
	}

	/** Returns the type key of a function, counted as often as the plan writes the key out. */
	key(type: FunctionNode): string {
		const known = this.#keys.get(type);
		if (known === undefined) this.#spendText(type.keyLength);
		const key = known ?? functionKey(type);
		if (known !== undefined) this.#spendText(key.length);
		this.#keys.set(type, key);
		return key;
	}

	/** Places in the file of the core modules that the plan instantiates, in ascending order. */
	get usedModules(): number[] {
		return [...new Set(this.#steps.map(({ module }) => module))].sort((a, b) => a - b);
	}

	spendItem(item: CoreItem): void {
		this.#spendText("name" in item ? item.name.length : 0);
	}

	/** Returns the plan, in which `used` numbers the core modules. */
	plan(used: readonly number[]): Plan {
		return {
			imports: this.imports,
			modules: used.length,
			instances: this.#instances,
			resources: this.#resources,
			steps: this.#steps.map((step) => ({ ...step, module: used.indexOf(step.module) })),
			trampolines: this.#trampolines,
			exports: Object.fromEntries(this.#exports),
			types: this.#types,
		};
	}

	#surface(definition: CoreModuleDefinition): CoreInterface {
		const known = this.#surfaces.get(definition);
		if (known !== undefined) return known;
		const surface = readCoreInterface(definition.bytes);
		this.#surfaces.set(definition, surface);
		return surface;
	}

	#single(items: Map<string, Map<string, CoreItem>>, module: string, name: string, found: Found): void {
		if (found.item === undefined) return;
		this.budget.spend("imports of core modules");
		this.#spendText(name.length);
		this.spendItem(found.item);
		const singles = items.get(module) ?? new Map<string, CoreItem>();
		items.set(module, singles.set(name, found.item));
	}

	#lift(item: LiftedItem, type: FunctionNode, user: string): LiftedFunction {
		if (type.unsupported !== undefined)
			throw malformed(`${user} uses a function whose type has ${type.unsupported}, which this host does not support`);
		this.#spendOptions(item.options);
		this.spendItem(item.core);
		const known = this.#lifted.get(item);
		if (known !== undefined) {
			this.#spendText(known.key.length);
			return known;
		}
		const { instance, core, options } = item;
		const lifted = { instance, core, options, key: this.key(type), type: this.#typeIndex(type) };
		this.#lifted.set(item, lifted);
		return lifted;
	}

	#typeIndex(type: FunctionNode): number {
		const known = this.#typeIndices.get(type);
		if (known !== undefined) return known;
		this.#spendText(type.keyLength);
		const index = this.#types.push(plannedType(type, this.budget)) - 1;
		this.#typeIndices.set(type, index);
		return index;
	}

	#spendOptions({ memory, realloc, postReturn }: CanonicalOptions): void {
		for (const item of [memory, realloc, postReturn]) if (item !== undefined) this.spendItem(item);
	}

	#spendText(characters: number): void {
		this.budget.spend("characters of names and types", characters);
	}
}

interface Found extends CoreSurface {
	/** Absent for an export of a whole core instance. */
	readonly item: CoreItem | undefined;
}

function exportOf(instance: CoreInstanceItem, name: string): Found | undefined {
	if (instance.step === undefined) return instance.items.get(name);
	const surface = instance.exports.get(name);
	return surface === undefined ? undefined : { ...surface, item: undefined };
}
