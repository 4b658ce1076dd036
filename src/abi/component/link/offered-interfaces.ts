import type { FunctionLowering, InterfaceLowering, ResourceType } from "../../../../generated/abi/component/lowering/runtime.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { isCompatible } from "../abi-version.ts";
import { splitVersion } from "../import-object.ts";
import type { Plan, PlannedInterface, ResourceRef } from "../plan/plan.ts";

/** Longest part of a type that a message shows, in characters. */
const MAX_SHOWN = 200;

/** The interfaces that a host offers to components, by name without version. */
export class OfferedInterfaces {
	readonly #byName: ReadonlyMap<string, InterfaceLowering>;
	/** Names without version by names with version, of the interfaces that instances have asked for. */
	readonly #bases = new Map<string, string>();

	constructor(interfaces: readonly InterfaceLowering[]) {
		this.#byName = new Map(interfaces.map((each) => [each.name, each]));
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
	 * @throws SpearError `invalid_request` listing what is missing, or naming the first function that differs, with both types.
	 */
	check(component: string, plan: Plan): void {
		const missing: string[] = [];
		for (const wanted of plan.imports) {
			if (Object.keys(wanted.functions).length === 0 && wanted.resources.length === 0) continue;
			const offered = this.#byName.get(splitVersion(wanted.name).base);
			if (offered === undefined) missing.push(wanted.name);
			else missing.push(...compare(component, wanted, offered));
		}
		if (missing.length === 0) return;
		throw new SpearError(
			"invalid_request",
			`${component} cannot be instantiated: it imports what this host does not offer: ${missing.join(", ")}`,
		);
	}
}

/** Returns the names that the host lacks. */
function compare(component: string, wanted: PlannedInterface, offered: InterfaceLowering): string[] {
	const { base, version } = splitVersion(wanted.name);
	if (version !== undefined && !isCompatible(version, offered.version)) {
		throw new SpearError(
			"invalid_request",
			`${component} imports ${wanted.name}, and this host offers ${base} ${offered.version}; build the guest for that version`,
		);
	}
	const missing = wanted.resources.filter((name) => ownMember(offered.resources, name) === undefined).map((name) => `resource ${name}`);
	for (const [name, key] of Object.entries(wanted.functions)) {
		const known = ownMember(offered.functions, name);
		if (known === undefined) missing.push(name);
		else if (known.key !== key) throw differing(component, `${wanted.name}#${name}`, known.key, key);
	}
	return missing.map((name) => `${wanted.name}: ${name}`);
}

function differing(component: string, name: string, offered: string, wanted: string): SpearError {
	const [here, there] = excerpts(offered, wanted);
	return new SpearError(
		"invalid_request",
		`${component} imports ${name} with another type than this host's: the host has ${here}, the component ${there}; build the guest with the WIT of this release`,
	);
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
