/** Reads the surface of the main package out of a model, with the interfaces of dependencies that it leads to. */
import { type Abi, constraintsOf, featuresOf, hasTag, tagValue } from "../model/abi.ts";
import { buildAbi, sorted } from "../model/build-abi.ts";
import type { Field, Func, Interface, Item, Member, Model, PackageId, TypeDef, TypeRef, World, WorldItem } from "../model/model.ts";
import type { FuncDecl, Operation, Part, Port, Scope, Surface, TypeDecl, UseDecl } from "./surface.ts";
import { nodeOf, type TypeNode } from "./type-node.ts";

type InterfaceItem = Extract<WorldItem, { kind: "interface" }>;

/** Works for every package: no rule of a lint profile is assumed. */
export function surfaceOf(model: Model): Surface {
	return new SurfaceBuilder(model).build();
}

export function packageText({ namespace, name, version }: PackageId): string {
	return `${namespace}:${name}${version === undefined ? "" : `@${version}`}`;
}

class SurfaceBuilder {
	readonly #model: Model;
	readonly #typeKeys = new Map<TypeDef, string>();
	/** Interfaces of all packages by the key of each of their types. */
	readonly #homes = new Map<string, Interface>();
	readonly #scopes = new Map<string, Scope>();
	/** Interfaces that a package declares. Others stand inline in a world. */
	readonly #declared: ReadonlySet<Interface>;
	/** Interfaces of dependencies that the package leads to. Grows while their own types are read. */
	readonly #required = new Set<Interface>();

	constructor(model: Model) {
		this.#model = model;
		this.#declared = new Set(model.packages.flatMap((each) => each.interfaces));
	}

	build(): Surface {
		const { main } = this.#model;
		for (const iface of this.#declared) this.#nameTypes(this.#keyOf(iface), iface.types, iface);
		for (const world of main.worlds) {
			this.#nameTypes(`world ${world.name}`, world.types);
			for (const { key, item } of this.#inlineInterfaces(world)) this.#nameTypes(key, item.interface.types);
		}
		for (const iface of main.interfaces) if (isStable(iface)) this.#addInterface(iface.name, iface);
		for (const world of main.worlds) if (isStable(world)) this.#addWorld(world);
		// A set under iteration also visits what is added meanwhile.
		for (const iface of this.#required) this.#addInterface(this.#keyOf(iface), iface);
		const abi = buildAbi(this.#model, () => {});
		return { id: packageText(main.id), scopes: this.#scopes, operations: this.#operations(abi) };
	}

	#keyOf(iface: Interface): string {
		const { main } = this.#model;
		const { namespace, name, version } = iface.package;
		if (namespace === main.id.namespace && name === main.id.name && version === main.id.version) return iface.name;
		return `${namespace}:${name}/${iface.name}${version === undefined ? "" : `@${version}`}`;
	}

	#nameTypes(scope: string, types: readonly TypeDef[], home?: Interface): void {
		for (const def of types) {
			// A world that includes another one shares its types.
			if (this.#typeKeys.has(def)) continue;
			const key = `${scope}.${def.name}`;
			this.#typeKeys.set(def, key);
			if (home !== undefined) this.#homes.set(key, home);
		}
	}

	#typeKey(def: TypeDef): string {
		const key = this.#typeKeys.get(def);
		if (key === undefined) throw new Error(`type '${def.name}' is in no interface and no world`);
		const home = this.#homes.get(key);
		if (home !== undefined) this.#require(home);
		return key;
	}

	#require(iface: Interface): void {
		if (this.#keyOf(iface) !== iface.name) this.#required.add(iface);
	}

	#inlineInterfaces(world: World): { readonly key: string; readonly item: InterfaceItem }[] {
		return (["import", "export"] as const).flatMap((direction) =>
			world[`${direction}s`].flatMap((item) =>
				item.kind === "interface" && !this.#declared.has(item.interface)
					? [{ key: `world ${world.name} ${direction} ${item.name}`, item }]
					: [],
			),
		);
	}

	#node(type: TypeRef): TypeNode {
		return nodeOf(type, (def) => this.#typeKey(def));
	}

	#addInterface(key: string, iface: Interface): void {
		const functions = iface.functions.flatMap((func) => this.#func(key, func));
		this.#scopes.set(key, {
			key,
			kind: "interface",
			...this.#names(key, iface),
			functions: byName(functions),
			ports: new Map(),
			implied: new Set(),
			span: iface.span,
		});
	}

	#addWorld(world: World): void {
		const key = `world ${world.name}`;
		const ports = [
			...world.imports.flatMap((item) => this.#port(key, "import", item)),
			...world.exports.flatMap((item) => this.#port(key, "export", item)),
		];
		const implied = world.imports.flatMap((item) => (item.kind === "interface" && item.implied ? [this.#keyOf(item.interface)] : []));
		const scope: Scope = {
			key,
			kind: "world",
			...this.#names(key, world),
			functions: new Map(),
			ports: new Map(ports.map((port) => [port.key, port])),
			implied: new Set(implied),
			span: world.span,
		};
		this.#scopes.set(key, scope);
		for (const { key: inlineKey, item } of this.#inlineInterfaces(world)) {
			if (ports.some(({ target }) => target.kind === "interface" && target.scope === inlineKey))
				this.#addInterface(inlineKey, item.interface);
		}
	}

	#port(world: string, direction: Port["direction"], item: WorldItem): Port[] {
		if (item.kind === "function") {
			const func = this.#func(world, item.func);
			return func.map((each): Port => {
				return { key: `${direction} ${each.name}`, direction, name: each.name, target: { kind: "function", func: each }, ...spanOf(each) };
			});
		}
		if (item.implied) {
			this.#require(item.interface);
			return [];
		}
		const isInline = !this.#declared.has(item.interface);
		const scope = isInline ? `${world} ${direction} ${item.name}` : this.#keyOf(item.interface);
		const name = item.name ?? scope;
		if (!isStable(item) || !isStable(item.interface)) return [];
		if (!isInline) this.#require(item.interface);
		return [{ key: `${direction} ${name}`, direction, name, target: { kind: "interface", scope }, span: item.interface.span }];
	}

	#names(scope: string, item: Pick<Interface, "types" | "uses">): Pick<Scope, "types" | "uses"> {
		const types: TypeDecl[] = [];
		const uses: UseDecl[] = [];
		for (const def of item.types) {
			const key = this.#typeKey(def);
			if (!isStable(def)) continue;
			if (key === `${scope}.${def.name}`) types.push(this.#type(key, def));
			else uses.push({ name: def.name, target: key, span: def.span });
		}
		for (const { name, target, span } of item.uses) uses.push({ name, target: this.#typeKey(target), span });
		return { types: byName(types), uses: byName(uses) };
	}

	#type(key: string, def: TypeDef): TypeDecl {
		const common = { key, name: def.name, kind: def.kind, functions: new Map<string, FuncDecl>(), tags: carryingTags(def), span: def.span };
		switch (def.kind) {
			case "record":
				return { ...common, parts: def.fields.map((field) => this.#part(field, field.type, limitsOf(field))) };
			case "variant":
				return { ...common, parts: def.cases.map((each) => this.#part(each, each.type)) };
			case "enum":
				return { ...common, parts: def.cases.map((each) => this.#part(each)) };
			case "flags":
				return { ...common, parts: def.flags.map((each) => this.#part(each)) };
			case "alias":
				return { ...common, parts: [], target: this.#node(def.type) };
			case "resource": {
				const functions = [...(def.constructorFunc === undefined ? [] : [def.constructorFunc]), ...def.functions];
				return { ...common, parts: [], functions: byName(functions.flatMap((func) => this.#func(key, func))) };
			}
		}
	}

	#part(member: Member, type?: TypeRef, limits: ReadonlyMap<string, string> = new Map()): Part {
		const features = sorted(featuresOf(member));
		return { name: member.name, limits, features, span: member.span, ...(type === undefined ? {} : { type: this.#node(type) }) };
	}

	/** None for an `@unstable` function. */
	#func(owner: string, func: Func): FuncDecl[] {
		const name = func.kind === "constructor" ? "constructor" : func.name;
		const key = `${owner}.${name}`;
		if (!isStable(func)) return [];
		return [
			{
				key,
				name,
				kind: func.kind,
				async: func.async,
				blocking: hasTag(func, "blocking"),
				params: func.params.map((param) => ({ name: param.name, type: this.#node(param.type) })),
				...(func.result === undefined ? {} : { result: this.#node(func.result) }),
				span: func.span,
			},
		];
	}

	#operations(abi: Abi): Map<string, Operation> {
		const operations = abi.families.map(({ operation, interface: iface, payload, result, event, transports }): Operation => {
			const roles = new Map([
				["interface", iface.name],
				["payload", this.#typeKey(payload)],
				["result", this.#typeKey(result)],
				...(event === undefined ? [] : [["event", this.#typeKey(event)] as const]),
			]);
			return { name: operation, roles, transports, span: iface.span };
		});
		return byName(operations);
	}
}

/** An `@unstable` item promises nothing. */
function isStable({ gates }: Pick<Item, "gates">): boolean {
	return gates.unstable === undefined;
}

function limitsOf(field: Field): Map<string, string> {
	return new Map(Object.entries(constraintsOf(field)).map(([name, value]) => [name, String(value)]));
}

/** Tags that change how a value crosses, beside those of operations. */
function carryingTags(def: TypeDef): string[] {
	const flags = ["atomic", "readiness"].filter((name) => hasTag(def, name));
	const values = ["json", "stream", "session"].flatMap((name) => {
		const value = tagValue(def, name);
		return value === undefined ? [] : [`${name} ${value}`];
	});
	return [...flags, ...values].sort();
}

function byName<T extends { readonly name: string }>(items: readonly T[]): Map<string, T> {
	return new Map(items.map((item) => [item.name, item]));
}

function spanOf(item: { readonly span?: FuncDecl["span"] }): Pick<FuncDecl, "span"> {
	return item.span === undefined ? {} : { span: item.span };
}
