/** Finds the interface or world that a path (`types`, `wasi:io/poll@0.2.0`) names, seen from one file. */
import { didYouMean, nearestName } from "../diagnostics/suggest.ts";
import type { Context } from "./context.ts";
import type { UseNode, UsePath } from "./syntax.ts";
import { type FileScope, type InterfaceUnit, type PackageUnit, packageKey, type WorldUnit } from "./units.ts";

type Unit = InterfaceUnit | WorldUnit;

/** The interface a path names; a diagnostic and nothing when there is none. `active` is whether the referrer is. */
export function resolveInterfacePath(context: Context, scope: FileScope, path: UsePath, active: boolean): InterfaceUnit | undefined {
	const unit = resolvePath(context, scope, path, active);
	if (unit?.kind === "world") {
		context.error("not-an-interface", scope, path, `\`${unit.name.text}\` is a world, not an interface`);
		return undefined;
	}
	return unit;
}

/** The interface that a `use` takes types from. A `use` that takes none has no effect. */
export function resolveUse(context: Context, scope: FileScope, { path, names }: UseNode, active: boolean): InterfaceUnit | undefined {
	const unit = resolveInterfacePath(context, scope, path, active);
	if (unit !== undefined && names.length === 0) {
		context.warning("empty-use", scope, path, "this `use` names no type and has no effect", { help: "remove it" });
		return undefined;
	}
	return unit;
}

export function resolveWorldPath(context: Context, scope: FileScope, path: UsePath, active: boolean): WorldUnit | undefined {
	const unit = resolvePath(context, scope, path, active);
	if (unit?.kind === "interface") {
		context.error("not-a-world", scope, path, `\`${unit.name.text}\` is an interface, not a world`);
		return undefined;
	}
	return unit;
}

/** Checks each top-level `use` of a file, used or not. */
export function resolveAliases(context: Context, scope: FileScope): void {
	for (const use of scope.aliases.values()) {
		resolvePath(context, scope, use.path, false);
	}
}

function resolvePath(context: Context, scope: FileScope, path: UsePath, active: boolean): Unit | undefined {
	const unit = path.package === undefined ? findBare(context, scope, path) : findQualified(context, scope, path);
	if (unit !== undefined && unit.scope.package !== scope.package) {
		recordEdge(context, scope, unit.scope.package, path);
	}
	if (unit !== undefined && active && !unit.active) {
		reportInactive(context, scope, path, `${unit.kind} \`${unit.name.text}\``, unit.gates.unstable?.feature);
	}
	return unit;
}

function findBare(context: Context, scope: FileScope, path: UsePath): Unit | undefined {
	const known = scope.targets.get(path);
	if (known !== undefined) {
		return known ?? undefined;
	}
	const passed = new Set<UsePath>();
	let at = path;
	let found: Unit | null | undefined;
	// The path of `use foo as bar` may itself name another alias, but never the one it makes.
	while (found === undefined && !passed.has(at)) {
		passed.add(at);
		const alias = scope.aliases.get(at.name.text);
		if (alias === undefined || alias.path === at) {
			break;
		}
		at = alias.path;
		found = at.package === undefined ? scope.targets.get(at) : (findQualified(context, scope, at) ?? null);
	}
	found ??= findItem(context, scope, at) ?? null;
	for (const each of passed) {
		scope.targets.set(each, found);
	}
	return found ?? undefined;
}

function findItem(context: Context, scope: FileScope, at: UsePath): Unit | undefined {
	const name = at.name.text;
	const unit = scope.package.items.get(name);
	if (unit === undefined) {
		const known = [...scope.aliases.keys(), ...scope.package.items.keys()];
		const message = `no interface or world \`${name}\` in package \`${scope.package.key}\``;
		context.unknown("unknown-name", scope, at.name, message, didYouMean(name, known));
	}
	return unit;
}

function findQualified(context: Context, scope: FileScope, path: UsePath): Unit | undefined {
	const found = findPackage(context, scope, path);
	if (found === undefined) {
		return undefined;
	}
	if (found === scope.package) {
		context.error("own-package-path", scope, path, `package \`${found.key}\` refers to itself by its full name`, {
			help: `write just \`${path.name.text}\``,
		});
	}
	const unit = found.items.get(path.name.text);
	if (unit === undefined) {
		const message = `package \`${found.key}\` has no interface or world \`${path.name.text}\``;
		context.unknown("unknown-name", scope, path.name, message, didYouMean(path.name.text, found.items.keys()));
	}
	return unit;
}

function findPackage(context: Context, scope: FileScope, path: UsePath): PackageUnit | undefined {
	const { namespaces, names, version } = path.package ?? { namespaces: [], names: [] };
	const plain = `${namespaces.map((each) => each.text).join(":")}:${names.map((each) => each.text).join("/")}`;
	const key = version === undefined ? plain : `${plain}@${version.text}`;
	const found = context.packages.get(key);
	// A package that was not read may be the one.
	if (found === undefined && !context.diagnostics.has("binary-package")) {
		const others = [...context.packages.values()].filter((each) => each.key.split("@")[0] === plain);
		const help =
			others.length > 0
				? `available: ${others.map((each) => `\`${each.key}\``).join(", ")}; the version must be written, and match`
				: (similarPackage(context, plain) ?? "put its WIT files under `deps/`");
		context.error("unknown-package", scope, path.package ?? path, `package \`${key}\` is not known`, { help });
	}
	return found;
}

/** A package with one part of its name misspelt. `wasi:cli` is no slip for `wasi:clocks`, however much of the text is equal. */
function similarPackage(context: Context, plain: string): string | undefined {
	const [namespace = "", name = ""] = plain.split(":");
	const ids = [...context.packages.values()].map((each) => each.id);
	const near = nearestName(
		name,
		ids.filter((id) => id.namespace === namespace).map((id) => id.name),
	);
	const nearNamespace = nearestName(
		namespace,
		ids.filter((id) => id.name === name).map((id) => id.namespace),
	);
	const found = ids.find((id) => (id.namespace === namespace && id.name === near) || (id.name === name && id.namespace === nearNamespace));
	return found && `did you mean \`${packageKey(found)}\`?`;
}

function recordEdge(context: Context, scope: FileScope, to: PackageUnit, path: UsePath): void {
	const edges = context.packageEdges.get(scope.package) ?? new Map();
	context.packageEdges.set(scope.package, edges);
	if (!edges.has(to)) {
		edges.set(to, context.span(scope, path));
	}
}

/** An active item refers to one that an inactive feature hides. */
export function reportInactive(
	context: Context,
	scope: FileScope,
	range: { readonly start: number; readonly end: number },
	what: string,
	feature: string | undefined,
): void {
	const because = feature === undefined ? "" : `: it is unstable and feature \`${feature}\` is not active`;
	context.error("inactive-feature", scope, range, `${what} is not available here${because}`, {
		help: feature === undefined ? undefined : `activate \`${feature}\`, or gate this item with \`@unstable(feature = ${feature})\` too`,
	});
}
