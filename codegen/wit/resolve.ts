/** Syntax trees of one WIT directory → the model, or everything that keeps it from being one. */
import type { DiagnosticCollector } from "../diagnostics/collector.ts";
import type { Docs, Model, Package } from "../model/model.ts";
import { Context } from "./context.ts";
import { order } from "./cycles.ts";
import { readDocs } from "./docs.ts";
import { collectPackages, type FileGroup } from "./package-units.ts";
import { resolveInterface } from "./resolve-interface.ts";
import { resolveAliases } from "./resolve-path.ts";
import { resolveTypes } from "./resolve-types.ts";
import { resolveWorlds } from "./resolve-world.ts";
import { checkDepths } from "./type-depth.ts";
import type { InterfaceUnit, PackageUnit, WorldUnit } from "./units.ts";

/** Groups in the order they are to be read, the main one first. Without a model when anything is wrong. */
export function resolveModel(
	groups: readonly FileGroup[],
	features: readonly string[] | "all",
	diagnostics: DiagnosticCollector,
): Model | undefined {
	const context = new Context(diagnostics, features);
	for (const file of groups.flatMap((group) => group.files)) {
		for (const name of file.lostNames) {
			context.lostNames.add(name);
		}
	}
	collectPackages(context, groups);
	const units = [...context.packages.values()];
	for (const scope of units.flatMap((unit) => unit.scopes)) {
		resolveAliases(context, scope);
	}

	const interfaces = units.flatMap(interfacesOf);
	const worlds = units.flatMap(worldsOf);
	for (const unit of [...interfaces, ...worlds]) {
		resolveTypes(context, unit.types);
	}
	checkDepths(
		context,
		[...interfaces, ...worlds].map((unit) => unit.types),
	);
	for (const unit of interfaces) {
		resolveInterface(context, unit);
	}
	resolveWorlds(context, worlds);
	const { sorted, cyclic } = sortPackages(context, units);
	reportInterfaceCycles(context, interfaces, cyclic);
	const packages = new Map(units.map((unit) => [unit, packageModel(context, unit)]));
	const main = units.find((unit) => unit.main);
	if (main === undefined || diagnostics.hasErrors) {
		return undefined;
	}
	const model = packages.get(main) ?? packageModel(context, main);
	const others = sorted.filter((unit) => unit !== main).flatMap((unit) => packages.get(unit) ?? []);
	return { main: model, packages: [model, ...others] };
}

function interfacesOf(unit: PackageUnit): InterfaceUnit[] {
	return [...unit.items.values()].filter((item) => item.kind === "interface");
}

function worldsOf(unit: PackageUnit): WorldUnit[] {
	return [...unit.items.values()].filter((item) => item.kind === "world");
}

/** A circle through packages that are one themselves is reported once, as that of the packages. */
function reportInterfaceCycles(context: Context, units: readonly InterfaceUnit[], cyclic: ReadonlySet<PackageUnit>): void {
	for (const cycle of order(units, (unit) => unit.uses.keys()).cycles) {
		const [first, second] = cycle;
		const node = second && first?.uses.get(second);
		const packages = new Set(cycle.map((unit) => unit.scope.package));
		if (first === undefined || node === undefined || (packages.size > 1 && [...packages].every((each) => cyclic.has(each)))) {
			continue;
		}
		const path = cycle.map((unit) => `\`${unit.name.text}\``).join(" → ");
		const message = cycle.length === 2 ? `interface \`${first.name.text}\` uses itself` : `interfaces use each other in a circle: ${path}`;
		context.error("interface-cycle", first.scope, node.path, message, {
			help: cycle.length === 2 ? "its own types need no `use`" : "move the shared types to an interface of their own",
		});
	}
}

interface PackageOrder {
	readonly sorted: readonly PackageUnit[];
	/** Packages that depend on themselves through others. */
	readonly cyclic: ReadonlySet<PackageUnit>;
}

function sortPackages(context: Context, units: readonly PackageUnit[]): PackageOrder {
	const edges = context.packageEdges;
	const { sorted, cycles } = order(units, (unit) => edges.get(unit)?.keys() ?? []);
	for (const cycle of cycles) {
		const steps = cycle.slice(1).flatMap((to, index) => {
			const from = cycle[index];
			const span = from && edges.get(from)?.get(to);
			return from === undefined || span === undefined ? [] : [{ from, to, span }];
		});
		const [first, ...others] = steps;
		if (first !== undefined) {
			const path = cycle.map((unit) => `\`${unit.key}\``).join(" → ");
			context.diagnostics.error("package-cycle", first.span, `packages depend on each other in a circle: ${path}`, {
				help: "move what both need to a package of its own",
				related: others.map(({ from, to, span }) => ({ message: `\`${from.key}\` needs \`${to.key}\` here`, span })),
			});
		}
	}
	return { sorted, cyclic: new Set(cycles.flat()) };
}

function packageModel(context: Context, unit: PackageUnit): Package {
	return {
		id: unit.id,
		docs: packageDocs(context, unit),
		interfaces: interfacesOf(unit).flatMap((each) => (each.active && each.model ? [each.model] : [])),
		worlds: worldsOf(unit).flatMap((each) => (each.active && each.model ? [each.model] : [])),
	};
}

/** One of the files documents the package. */
function packageDocs(context: Context, unit: PackageUnit): Docs {
	const [scope, other] = unit.scopes.filter((each) => each.docs.length > 0);
	const [place] = other?.docs ?? [];
	if (scope !== undefined && other !== undefined && place !== undefined) {
		context.error("duplicate-docs", other, place, `package \`${unit.key}\` is documented in two files`, {
			help: "keep the documentation in one of them",
			related: scope.docs.slice(0, 1).map((docs) => ({ message: "also here", span: context.span(scope, docs) })),
		});
	}
	return scope === undefined ? { text: "", tags: [] } : readDocs(scope.file.source, scope.docs);
}
