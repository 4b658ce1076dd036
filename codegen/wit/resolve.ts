/** Syntax trees of one WIT directory → the model, or everything that keeps it from being one. */
import type { DiagnosticCollector } from "../diagnostics/collector.ts";
import type { Docs, Model, Package } from "../model/model.ts";
import { Context } from "./context.ts";
import { order } from "./cycles.ts";
import { readDocs } from "./docs.ts";
import { collectPackages, type FileGroup } from "./package-units.ts";
import { resolveInterface } from "./resolve-interface.ts";
import { resolveAliases } from "./resolve-path.ts";
import { TypeResolver } from "./resolve-types.ts";
import { WorldResolver } from "./resolve-world.ts";
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

	const types = new TypeResolver(context);
	for (const unit of units.flatMap(interfacesOf)) {
		resolveInterface(types, unit);
	}
	reportInterfaceCycles(context, units.flatMap(interfacesOf));
	const worlds = new WorldResolver(context, types);
	for (const unit of units.flatMap(worldsOf)) {
		unit.model = worlds.resolve(unit);
	}
	const sorted = sortPackages(context, units);
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

function reportInterfaceCycles(context: Context, units: readonly InterfaceUnit[]): void {
	for (const cycle of order(units, (unit) => unit.uses.keys()).cycles) {
		const [first, second] = cycle;
		const node = second && first?.uses.get(second);
		if (first !== undefined && node !== undefined) {
			const path = cycle.map((unit) => `\`${unit.name.text}\``).join(" → ");
			context.error("interface-cycle", first.scope, node.path, `interfaces use each other in a circle: ${path}`, {
				help: "move the shared types to an interface of their own",
			});
		}
	}
}

function sortPackages(context: Context, units: readonly PackageUnit[]): readonly PackageUnit[] {
	const { sorted, cycles } = order(units, (unit) => context.packageEdges.get(unit)?.keys() ?? []);
	for (const cycle of cycles) {
		const [first, second] = cycle;
		const span = first && second && context.packageEdges.get(first)?.get(second);
		if (span !== undefined) {
			const path = cycle.map((unit) => `\`${unit.key}\``).join(" → ");
			context.diagnostics.error("package-cycle", span, `packages depend on each other in a circle: ${path}`);
		}
	}
	return sorted;
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
