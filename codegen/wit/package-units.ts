/**
 * Sorts parsed files into packages and registers what each declares at its top level: interfaces, worlds and the
 * names that top-level `use` brings into a file.
 */
import type { PackageId } from "../model/model.ts";
import type { Context } from "./context.ts";
import { NameSpace } from "./name-space.ts";
import type { ParsedFile } from "./parse.ts";
import { checkVersion, resolveGates } from "./resolve-gates.ts";
import type { PackageName, Range, TopItem } from "./syntax.ts";
import { createTypeScope } from "./type-scope.ts";
import { type FileScope, type InterfaceUnit, type PackageUnit, packageKey, type WorldUnit } from "./units.ts";

/** Files that form one package: those of the directory itself, or of one entry of `deps/`. */
export interface FileGroup {
	readonly main: boolean;
	/** The name in messages. */
	readonly label: string;
	readonly files: readonly ParsedFile[];
}

/** Contents of one file or one nested block. */
interface Part {
	readonly file: ParsedFile;
	readonly docs: readonly Range[];
	readonly items: readonly TopItem[];
}

export function collectPackages(context: Context, groups: readonly FileGroup[]): void {
	for (const group of groups) {
		const name = groupName(context, group);
		if (name !== undefined) {
			const parts = group.files.map((file) => ({ file, docs: file.tree?.package?.docs ?? [], items: file.tree?.items ?? [] }));
			addPackage(context, name.file, name.id, group.main, parts);
		}
	}
	for (const file of groups.flatMap((group) => group.files)) {
		for (const nested of file.tree?.nested ?? []) {
			addPackage(context, file, nested.id, false, [{ ...nested, file }]);
		}
	}
}

/** The one name all files of a group agree on. */
function groupName(context: Context, group: FileGroup): { file: ParsedFile; id: PackageName } | undefined {
	let first: { file: ParsedFile; id: PackageName } | undefined;
	for (const file of group.files) {
		const id = file.tree?.package?.id;
		if (id === undefined) {
			continue;
		}
		if (first === undefined) {
			first = { file, id };
		} else if (file.source.slice(id) !== first.file.source.slice(first.id)) {
			const expected = first.file.source.slice(first.id);
			context.error("package-mismatch", { file }, id, `this file declares another package than \`${expected}\``, {
				help: "all files of one directory belong to one package",
				related: [{ message: "first declared here", span: first.file.source.span(first.id) }],
			});
		}
	}
	const file = group.files.find((each) => each.tree !== undefined);
	// The declaration may be in a part that could not be parsed.
	if (first === undefined && file !== undefined && group.files.every((each) => each.sound)) {
		context.error("missing-package", { file }, { start: 0, end: 0 }, `no file of ${group.label} declares its package`, {
			help: "begin one of its files with `package namespace:name@0.1.0;`",
		});
	}
	return first;
}

function addPackage(context: Context, file: ParsedFile, name: PackageName, main: boolean, parts: readonly Part[]): void {
	const id = packageId(context, file, name);
	if (id === undefined) {
		return;
	}
	const unit: PackageUnit = { id, key: packageKey(id), main, declared: { file, name }, scopes: [], items: new Map() };
	const earlier = context.packages.get(unit.key);
	if (earlier !== undefined) {
		context.error("duplicate-package", { file }, name, `package \`${unit.key}\` is declared twice`, {
			related: [{ message: "first declared here", span: earlier.declared.file.source.span(earlier.declared.name) }],
		});
		return;
	}
	context.packages.set(unit.key, unit);
	const names = new NameSpace(context, `in package \`${unit.key}\``);
	for (const part of parts) {
		addPart(context, unit, part, names);
	}
}

function packageId(context: Context, file: ParsedFile, name: PackageName): PackageId | undefined {
	const [namespace] = name.namespaces;
	const [first] = name.names;
	if (namespace === undefined || first === undefined) {
		return undefined;
	}
	for (const each of [...name.namespaces, ...name.names]) {
		context.checkName({ file }, each);
	}
	if (name.namespaces.length > 1 || name.names.length > 1) {
		context.error("nested-package-name", { file }, name, "nested namespaces and package names are not supported", {
			help: `use one namespace and one name, for example \`${namespace.text}:${name.names.at(-1)?.text ?? ""}\``,
		});
	}
	const version = name.version;
	if (version !== undefined) {
		checkVersion(context, { file }, version);
	}
	return { namespace: namespace.text, name: first.text, ...(version === undefined ? {} : { version: version.text }) };
}

function addPart(context: Context, unit: PackageUnit, part: Part, names: NameSpace): void {
	const scope: FileScope = { file: part.file, package: unit, aliases: new Map(), targets: new Map(), docs: part.docs, items: part.items };
	unit.scopes.push(scope);
	const inFile = new NameSpace(context, "in this file");
	for (const item of part.items) {
		if (item.kind === "top-use") {
			for (const gate of item.gates) {
				context.error("misplaced-gate", scope, gate, "a top-level `use` cannot be gated");
			}
			const alias = item.alias ?? item.path.name;
			if (inFile.declare(scope, alias)) {
				scope.aliases.set(alias.text, item);
			}
			continue;
		}
		// Taken twice in one file is twice in the package too: say it once.
		if (names.declare(scope, item.name)) {
			inFile.take(scope, item.name);
		}
		// A name that differs from another in case only is a fault, but not unknown.
		if (!unit.items.has(item.name.text)) {
			unit.items.set(item.name.text, itemUnit(context, scope, item));
		}
	}
}

function itemUnit(context: Context, scope: FileScope, node: Exclude<TopItem, { kind: "top-use" }>): InterfaceUnit | WorldUnit {
	const { gates, active } = resolveGates(context, scope, node.gates);
	const common = { name: node.name, scope, gates, active };
	const types = createTypeScope(context, scope, { node, gates, active });
	return node.kind === "interface"
		? { kind: "interface", ...common, types, docs: node.docs, items: node.items, uses: new Map() }
		: { kind: "world", ...common, types, node };
}
