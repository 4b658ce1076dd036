/** The modules of checks of one form, and which definitions each of them holds. */
import type { JsonSchema } from "../schema/json-schema.ts";
import { type CheckModules, ModulePrinter } from "./module-printer.ts";
import { type Documents, keyOf, schemaOf, type Target, targetsIn } from "./references.ts";

export interface ModulesInput {
	readonly documents: Documents;
	/** Definitions that others import. */
	readonly roots: readonly Target[];
	/** Path of the module of a definition that another folder holds; undefined for all others. */
	elsewhere?(target: Target): string | undefined;
}

/** Module name → text, without a header, of every module that holds a check. */
export function checkModules({ documents, roots, elsewhere = () => undefined }: ModulesInput): Map<string, string> {
	const targets = reachable(roots, documents, (target) => elsewhere(target) === undefined);
	const modules: CheckModules = {
		runtime: "../check-runtime.js",
		pathOf: (target) => elsewhere(target) ?? `./${target.module}.js`,
		isAnything: (target) => acceptsAll(target, documents),
	};
	const names = new Set(targets.map(({ module }) => module));
	return new Map(
		[...names].map((module) => {
			const own = targets.filter((target) => target.module === module);
			const printer = new ModulePrinter(module, modules, own);
			for (const target of own) printer.define(target, schemaOf(target, documents));
			return [module, printer.text()];
		}),
	);
}

/** Every target that can be reached, in the order of the documents. */
export function reachable(roots: readonly Target[], documents: Documents, follow: (target: Target) => boolean = () => true): Target[] {
	const found = new Map<string, Target>();
	const pending = [...roots];
	for (let target = pending.pop(); target !== undefined; target = pending.pop()) {
		if (found.has(keyOf(target)) || !follow(target) || acceptsAll(target, documents)) continue;
		found.set(keyOf(target), target);
		pending.push(...targetsIn(schemaOf(target, documents), target.module));
	}
	return [...documents].flatMap(([module, document]) =>
		[{ module }, ...Object.keys(document.$defs ?? {}).map((name) => ({ module, name }))].filter((target) => found.has(keyOf(target))),
	);
}

/** True if a definition has nothing but remarks. */
function acceptsAll(target: Target, documents: Documents): boolean {
	const {
		$schema,
		$id,
		$comment,
		title,
		description,
		deprecated,
		default: preset,
		$defs,
		...rest
	}: JsonSchema = schemaOf(target, documents);
	return Object.keys(rest).length === 0;
}

/** Definitions that are the same in both sets of documents, with all that they refer to. */
export function sharedTargets(targets: readonly Target[], documents: Documents, others: Documents): ReadonlySet<string> {
	const same = new Map<string, boolean>();
	for (const target of targets)
		same.set(keyOf(target), JSON.stringify(schemaOf(target, documents)) === JSON.stringify(schemaOf(target, others)));
	// What refers to a definition that differs differs too, over any number of steps.
	for (let changed = true; changed; ) {
		changed = false;
		for (const target of targets) {
			if (same.get(keyOf(target)) !== true) continue;
			if (targetsIn(schemaOf(target, documents), target.module).every((each) => same.get(keyOf(each)) !== false)) continue;
			same.set(keyOf(target), false);
			changed = true;
		}
	}
	return new Set([...same].filter(([, isSame]) => isSame).map(([key]) => key));
}
