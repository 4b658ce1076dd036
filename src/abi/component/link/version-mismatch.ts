import { SpearError } from "../../../errors/spear-error.ts";
import { compatibleVersions, type VersionRelation } from "../abi-version.ts";

/** Most names of each kind that a message lists. */
const MAX_LISTED = 8;

/** Members of one imported interface that the host lacks, or has in another form. */
export interface InterfaceLack {
	/** Name with the version that the guest was built for. */
	readonly name: string;
	/** True if the host has no interface of that name at all. */
	readonly whole: boolean;
	readonly functions: readonly string[];
	readonly resources: readonly string[];
	/** Functions whose type is another. `types` are the host's and the component's, cut to the place where they differ. */
	readonly differing: readonly { readonly name: string; readonly types: readonly [host: string, component: string] }[];
}

/** A package in a version that the host cannot serve. */
export interface VersionMismatch {
	/** Package without version, e.g. `spear:ai`. */
	readonly package: string;
	/** Version that the component was built for. */
	readonly wanted: string;
	/** Version of the host. */
	readonly offered: string;
	readonly relation: Exclude<VersionRelation, "compatible">;
	/** Empty if the host has every function and resource that the component imports, with the same types as far as they are known. */
	readonly lacks: readonly InterfaceLack[];
}

/** Returns the refusal of a component that was built for another version: both versions, what the host lacks, and what to do. */
export function refusal(component: string, { package: id, wanted, offered, relation, lacks }: VersionMismatch): SpearError {
	const host = `this host offers \`${id}@${offered}\``;
	const needs = `the guest needs ${lacks.length === 0 ? `\`${id}@${wanted}\`` : listed(lacks.map(lackText), "; ")}`;
	const isSame = lacks.length === 0 ? ", which has the functions that the guest imports, and may behave differently" : "";
	const [why, advice] =
		relation === "newer"
			? ["for a newer ABI than this host's", `use a host that offers ${wanted}, or build the guest with the WIT of ${offered}`]
			: [
					"for an ABI with which this host's has broken",
					`build the guest with the WIT of ${offered}, or run it on a host of ${compatibleVersions(wanted)}`,
				];
	return new SpearError("invalid_request", `${component} was built ${why}: ${needs}; ${host}${isSame}; ${advice}`);
}

function lackText({ name, whole, functions, resources, differing }: InterfaceLack): string {
	if (whole) return `the interface \`${name}\``;
	const [first] = differing;
	const parts = [
		...named("resource", resources),
		...named("function", functions),
		...named(
			"function",
			differing.map((each) => each.name),
		).map((text) => `${text} with another type`),
	];
	const types = first === undefined ? "" : ` (\`${first.name}\` is ${first.types[0]} here and ${first.types[1]} in the guest)`;
	return `\`${name}\`, ${parts.join(", ")}${types}`;
}

function named(kind: string, names: readonly string[]): string[] {
	if (names.length === 0) return [];
	return [
		`${kind}${names.length === 1 ? "" : "s"} ${listed(
			names.map((name) => `\`${name}\``),
			", ",
		)}`,
	];
}

/** Returns the texts in a row, the last ones as a number if there are many. */
export function listed(texts: readonly string[], separator: string): string {
	const shown = texts.slice(0, MAX_LISTED);
	return [...shown, ...(texts.length > MAX_LISTED ? [`and ${texts.length - MAX_LISTED} more`] : [])].join(separator);
}
