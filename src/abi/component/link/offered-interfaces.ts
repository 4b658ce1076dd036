import type {
	Deprecation,
	FunctionLowering,
	InterfaceLowering,
	ResourceType,
} from "../../../../generated/abi/component/lowering/runtime.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { relationOf } from "../abi-version.ts";
import type { DeprecatedImport } from "../deprecated-import.ts";
import { splitVersion } from "../import-object.ts";
import type { Plan, ResourceRef } from "../plan/plan.ts";
import { type InterfaceLack, listed, refusal, type VersionMismatch } from "./version-mismatch.ts";

/** Longest part of a type that a message shows, in characters. */
const MAX_SHOWN = 200;

/** An interface that a component imports: names, and type keys where the engine knows them. */
export interface WantedInterface {
	/** Name with version. */
	readonly name: string;
	/** Type key of each function by WIT name. `undefined`: not compared. */
	readonly functions: Readonly<Record<string, string | undefined>>;
	readonly resources: readonly string[];
}

/** The interfaces that a host offers to components, by name without version. */
export class OfferedInterfaces {
	readonly #byName: ReadonlyMap<string, InterfaceLowering>;
	/** Versions by package. Where the interfaces of a package have several, the latest: names and types of functions are compared in any case. */
	readonly #packages: ReadonlyMap<string, string>;
	/** Names without version by names with version, of the interfaces that instances have asked for. */
	readonly #bases = new Map<string, string>();

	constructor(interfaces: readonly InterfaceLowering[]) {
		this.#byName = new Map(interfaces.map((each) => [each.name, each]));
		const packages = new Map<string, string>();
		for (const { name, version } of interfaces) {
			const known = packages.get(packageOf(name));
			if (known === undefined || relationOf(version, known) === "newer") packages.set(packageOf(name), version);
		}
		this.#packages = packages;
	}

	/** Returns the name of an interface without its version. */
	baseOf(iface: string): string {
		let base = this.#bases.get(iface);
		if (base === undefined) {
			base = splitVersion(iface).base;
			if (this.#byName.has(base)) this.#bases.set(iface, base);
		}
		return base;
	}

	/** Returns the lowering of an imported function. */
	function(iface: string, name: string): FunctionLowering | undefined {
		return ownMember(this.#byName.get(this.baseOf(iface))?.functions, name);
	}

	/** Returns the type of an imported resource. */
	resource({ interface: iface, name }: Extract<ResourceRef, { interface: string }>): ResourceType | undefined {
		return ownMember(this.#byName.get(splitVersion(iface).base)?.resources, name);
	}

	/**
	 * Compares the imports of a component with the host's interfaces: the versions, the names, and the structure of each function's type. Lowering
	 * of another structure would read wrong memory.
	 *
	 * @throws SpearError `invalid_request` naming both versions, with the functions that are missing; listing what is missing; or naming the
	 * first function that differs, with both types.
	 */
	check(component: string, { imports }: Pick<Plan, "imports">): void {
		this.checkVersions(component, imports);
		const lacks = imports.flatMap((wanted) => this.#lackOf(wanted) ?? []);
		const missing = lacks.flatMap(({ name, whole, functions, resources }) =>
			whole ? [name] : [...resources.map((each) => `resource ${each}`), ...functions].map((each) => `${name}: ${each}`),
		);
		if (missing.length > 0)
			throw new SpearError(
				"invalid_request",
				`${component} cannot be instantiated: it imports what this host does not offer: ${listed(missing, ", ")}`,
			);
		for (const { name, differing } of lacks)
			for (const { name: each, types } of differing)
				throw new SpearError(
					"invalid_request",
					`${component} imports ${name}#${each} with another type than this host's: the host has ${types[0]}, the component ${types[1]}; build the guest with the WIT of this release`,
				);
	}

	/**
	 * Compares the versions alone. Packages of which the host has no interface are left out.
	 *
	 * @throws SpearError `invalid_request` naming both versions, and what the host lacks.
	 */
	checkVersions(component: string, imports: readonly WantedInterface[]): void {
		const mismatch = this.#mismatchOf(imports.filter(isUsed));
		if (mismatch !== undefined) throw refusal(component, mismatch);
	}

	/**
	 * Returns the version that a component was built for and that of the host, for messages. Interfaces of which only types are imported count too.
	 * `undefined`: the versions are compatible.
	 */
	versionNote(imports: readonly WantedInterface[]): string | undefined {
		for (const { name } of imports) {
			const { base, version } = splitVersion(name);
			const offered = this.#packages.get(packageOf(base));
			if (version !== undefined && offered !== undefined && relationOf(version, offered) !== "compatible")
				return `it was built for \`${packageOf(base)}@${version}\`, and this host offers \`${packageOf(base)}@${offered}\``;
		}
		return undefined;
	}

	/** Returns the deprecated functions that a component imports. A deprecated interface is named once, without its functions. */
	deprecated(imports: readonly WantedInterface[]): DeprecatedImport[] {
		return imports.filter(isUsed).flatMap((wanted) => {
			const { base } = splitVersion(wanted.name);
			const offered = this.#byName.get(base);
			if (offered?.deprecated !== undefined) return [{ name: base, ...offered.deprecated }];
			return Object.keys(wanted.functions).flatMap((name): ({ name: string } & Deprecation)[] => {
				const deprecated = ownMember(offered?.functions, name)?.deprecated;
				return deprecated === undefined ? [] : [{ name: `${base}#${name}`, ...deprecated }];
			});
		});
	}

	/** Returns the first package whose version the host cannot serve. */
	#mismatchOf(imports: readonly WantedInterface[]): VersionMismatch | undefined {
		for (const { name } of imports) {
			const { base, version: wanted } = splitVersion(name);
			const id = packageOf(base);
			const offered = this.#packages.get(id);
			if (wanted === undefined || offered === undefined) continue;
			const relation = relationOf(wanted, offered);
			if (relation === "compatible") continue;
			const same = imports.filter((each) => each.name.startsWith(`${id}/`) && each.name.endsWith(`@${wanted}`));
			return { package: id, wanted, offered, relation, lacks: same.flatMap((each) => this.#lackOf(each) ?? []) };
		}
		return undefined;
	}

	/** Returns what the host lacks of an interface. `undefined`: nothing. */
	#lackOf(wanted: WantedInterface): InterfaceLack | undefined {
		if (!isUsed(wanted)) return undefined;
		const { name, resources } = wanted;
		const offered = this.#byName.get(splitVersion(name).base);
		if (offered === undefined) return { name, whole: true, functions: [], resources: [], differing: [] };
		const missing = resources.filter((each) => ownMember(offered.resources, each) === undefined);
		const functions: string[] = [];
		const differing: InterfaceLack["differing"][number][] = [];
		for (const [each, key] of Object.entries(wanted.functions)) {
			const known = ownMember(offered.functions, each);
			if (known === undefined) functions.push(each);
			else if (key !== undefined && known.key !== key) differing.push({ name: each, types: excerpts(known.key, key) });
		}
		if (missing.length + functions.length + differing.length === 0) return undefined;
		return { name, whole: false, functions, resources: missing, differing };
	}
}

/** False for an interface of which a component imports types alone. */
function isUsed({ functions, resources }: WantedInterface): boolean {
	return resources.length > 0 || Object.keys(functions).length > 0;
}

function packageOf(base: string): string {
	return base.split("/", 1)[0] ?? base;
}

/** Returns both texts, cut to the surroundings of their first difference. */
function excerpts(a: string, b: string): [string, string] {
	let first = 0;
	while (first < a.length && a[first] === b[first]) first += 1;
	const start = Math.max(0, first - MAX_SHOWN / 2);
	const cut = (text: string): string => {
		const part = text.slice(start, start + MAX_SHOWN);
		return `\`${start > 0 ? "…" : ""}${part}${start + MAX_SHOWN < text.length ? "…" : ""}\``;
	};
	return [cut(a), cut(b)];
}

function ownMember<T>(members: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
	return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}
