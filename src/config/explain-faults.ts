import schema from "../../generated/schema/config.schema.json" with { type: "json" };
import { describeFaults, readablePath, type SchemaFault } from "../errors/describe-faults.ts";
import { didYouMean } from "./did-you-mean.ts";

/** Meaning of the pattern of a key, because few readers understand the pattern itself. Never contains the value, which may be a secret. */
const MEANINGS: Readonly<Record<string, string>> = {
	api_key_env: "must be the name of an environment variable, not the key itself",
	base_url: "must be an http or https URL",
};

/** Returns one line for each fault of a configuration, beginning with the key. Suggests the closest known key for an unknown one. */
export function explainFaults(faults: readonly SchemaFault[]): string[] {
	return [...new Set(withoutOtherForms(faults).flatMap((fault) => explain(fault) ?? describeFaults([fault])))].filter(
		(line) => line !== "",
	);
}

/**
 * Removes the faults of `oneOf` that do not help. ajv reports a value against every form that it may have. Keeps the faults inside the
 * form that the value has. Keeps a fault of the choice itself only if there is no fault inside.
 */
function withoutOtherForms(faults: readonly SchemaFault[]): readonly SchemaFault[] {
	const choices = faults.filter(({ keyword }) => keyword === "oneOf").map(({ instancePath }) => instancePath);
	return choices.reduce<readonly SchemaFault[]>((remaining, path) => {
		const here = (fault: SchemaFault): boolean => fault.instancePath === path && fault.schemaPath?.includes("/oneOf") === true;
		const ofChoice = (fault: SchemaFault): boolean => here(fault) && (fault.keyword === "type" || fault.keyword === "oneOf");
		const inside = (fault: SchemaFault): boolean => fault.instancePath.startsWith(`${path}/`) || (here(fault) && !ofChoice(fault));
		return remaining.some(inside)
			? remaining.filter((fault) => !ofChoice(fault))
			: remaining.filter((fault) => !ofChoice(fault) || fault.keyword === "type");
	}, faults);
}

function explain(fault: SchemaFault): string | undefined {
	const path = readablePath(fault.instancePath);
	const { keyword, params } = fault;
	if (keyword === "additionalProperties") {
		const key = String(params.additionalProperty);
		return `${path === "" ? key : `${path}.${key}`}: no such key${didYouMean(key, keysAt(fault.instancePath))}`;
	}
	if (keyword === "propertyNames") {
		const name = String(params.propertyName);
		const rule = path === "routes" ? "operations are lower-case, like chat_completions" : NAME_RULE;
		return `${path}.${name}: no such name; ${rule}`;
	}
	// ajv reports an invalid name twice: by `propertyNames`, and by the pattern that it violates.
	if (keyword === "pattern" && fault.schemaPath?.includes("propertyNames")) return "";
	const meaning =
		keyword === "pattern"
			? MEANINGS[
					fault.instancePath
						.replace(/(\/\d+)+$/, "")
						.split("/")
						.at(-1) ?? ""
				]
			: undefined;
	return meaning === undefined ? undefined : `${path}: ${meaning}`;
}

const NAME_RULE = 'names are lower-case letters, digits, "_" and "-", and begin with a letter or digit';

interface SchemaNode {
	readonly title?: string;
	readonly type?: string;
	readonly description?: string;
	readonly $ref?: string;
	readonly properties?: Readonly<Record<string, SchemaNode>>;
	readonly additionalProperties?: SchemaNode | boolean;
}

/** Returns the keys that the schema defines at a JSON Pointer. */
function keysAt(pointer: string): string[] {
	let node: SchemaNode | undefined = schema;
	for (const part of pointer.split("/").slice(1)) {
		const { properties, additionalProperties }: SchemaNode = dereference(node);
		node = properties?.[part] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
	}
	return Object.keys(dereference(node).properties ?? {});
}

function dereference(node: SchemaNode | undefined): SchemaNode {
	if (node?.$ref === undefined) return node ?? {};
	const definitions: Readonly<Record<string, SchemaNode>> = schema.$defs;
	return definitions[node.$ref.replace("#/$defs/", "")] ?? {};
}
