import schema from "../../generated/schema/config.schema.json" with { type: "json" };
import { describeFaults, readablePath, type SchemaFault } from "../errors/describe-faults.ts";
import { didYouMean } from "./did-you-mean.ts";

/** What a pattern means, said in words: the pattern itself says it to few. Nothing here repeats the value: it may be a key. */
const IN_WORDS: Readonly<Record<string, string>> = {
	api_key_env: "must be the name of an environment variable, not the key itself",
	base_url: "must be an http or https URL",
};

/** Faults of a configuration in one line each, beginning with the key, with the nearest known key for a misspelt one. */
export function explainFaults(faults: readonly SchemaFault[]): string[] {
	return [...new Set(withoutOtherForms(faults).flatMap((fault) => explain(fault) ?? describeFaults([fault])))].filter(
		(line) => line !== "",
	);
}

/**
 * Where a value may have one of several forms, only the faults of the form it has are of use: not that it is none of the others, nor that it is none
 * at all, unless that is all there is to say.
 */
function withoutOtherForms(faults: readonly SchemaFault[]): readonly SchemaFault[] {
	const choices = faults.filter(({ keyword }) => keyword === "oneOf").map(({ instancePath }) => instancePath);
	return choices.reduce<readonly SchemaFault[]>((left, path) => {
		const here = (fault: SchemaFault): boolean => fault.instancePath === path && fault.schemaPath?.includes("/oneOf") === true;
		const ofChoice = (fault: SchemaFault): boolean => here(fault) && (fault.keyword === "type" || fault.keyword === "oneOf");
		const inside = (fault: SchemaFault): boolean => fault.instancePath.startsWith(`${path}/`) || (here(fault) && !ofChoice(fault));
		return left.some(inside)
			? left.filter((fault) => !ofChoice(fault))
			: left.filter((fault) => !ofChoice(fault) || fault.keyword === "type");
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
	// The name itself is reported by `propertyNames`; this is the pattern it breaks.
	if (keyword === "pattern" && fault.schemaPath?.includes("propertyNames")) return "";
	const words =
		keyword === "pattern"
			? IN_WORDS[
					fault.instancePath
						.replace(/(\/\d+)+$/, "")
						.split("/")
						.at(-1) ?? ""
				]
			: undefined;
	return words === undefined ? undefined : `${path}: ${words}`;
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

/** The keys the schema knows at a place. */
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
