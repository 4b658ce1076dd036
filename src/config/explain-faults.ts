import type { SchemaFault } from "../errors/describe-faults.ts";
import { type ConfigPath, pathOfPointer, valueAt } from "./config-path.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { FaultyPart } from "./document.ts";
import { KEY_OTHER_NAMES } from "./other-names.ts";
import { keysAt, tablesWith } from "./schema-keys.ts";
import { valueMessage } from "./value-message.ts";

/** A fault of the schema, for the operator. */
export interface ExplainedFault {
	readonly path: ConfigPath;
	readonly message: string;
	readonly part: FaultyPart;
	/** The member without which the rest has not this fault. */
	readonly culprit: ConfigPath;
}

/** Rules of the names in a table, by the table. Every other table holds operations. */
const NAME_RULES: ReadonlyMap<string, string> = new Map([
	["backends", 'names are lower-case letters, digits, "_" and "-", and begin with a letter or digit'],
	["guests", 'names have 1 to 128 characters without blanks and "*", or are "*"'],
]);

/** Explains the faults of a configuration. Suggests the closest known name for an unknown one. Never repeats a value, which may be a key. */
export function explainFaults(faults: readonly SchemaFault[], value: unknown): ExplainedFault[] {
	const kept = withoutOtherForms(faults);
	const types = kept.filter(({ keyword }) => keyword === "type");
	return kept.flatMap((fault) => {
		// A validator reports each type that a member may have. The first stands for all.
		const alternatives = fault.keyword === "type" ? types.filter(({ instancePath }) => instancePath === fault.instancePath) : [];
		if (alternatives.length > 1 && alternatives[0] !== fault) return [];
		return explain(fault, alternatives, value) ?? [];
	});
}

/**
 * Removes the faults of `oneOf` that do not help. A validator reports a value against every form that it may have. Keeps the faults inside the
 * form that the value has. Keeps a fault of the choice itself only if there is no fault inside.
 */
function withoutOtherForms(faults: readonly SchemaFault[]): readonly SchemaFault[] {
	const choices = faults.filter(({ keyword }) => keyword === "oneOf").map(({ instancePath }) => instancePath);
	return choices.reduce<readonly SchemaFault[]>((remaining, path) => {
		const here = (fault: SchemaFault): boolean => fault.instancePath === path && fault.within === "oneOf";
		const ofChoice = (fault: SchemaFault): boolean => here(fault) && (fault.keyword === "type" || fault.keyword === "oneOf");
		const inside = (fault: SchemaFault): boolean => fault.instancePath.startsWith(`${path}/`) || (here(fault) && !ofChoice(fault));
		return remaining.some(inside)
			? remaining.filter((fault) => !ofChoice(fault))
			: remaining.filter((fault) => !ofChoice(fault) || fault.keyword === "type");
	}, faults);
}

function explain(fault: SchemaFault, alternatives: readonly SchemaFault[], root: unknown): ExplainedFault | undefined {
	const path = pathOfPointer(fault.instancePath, root);
	const { keyword, params } = fault;
	const ofMember = (name: string, message: string, part: FaultyPart, culprit?: ConfigPath): ExplainedFault => {
		const member = [...path, name];
		return { path: member, message, part, culprit: culprit ?? member };
	};
	switch (keyword) {
		case "additionalProperties":
			return ofMember(String(params.additionalProperty), unknownKey(String(params.additionalProperty), path), "key");
		case "required":
			return ofMember(String(params.missingProperty), "is required", "key", path);
		case "propertyNames":
			return ofMember(String(params.propertyName), `no such name; ${nameRule(path)}`, "key");
	}
	// A validator reports an invalid name twice: by `propertyNames`, and by the pattern that it violates.
	if (fault.within === "propertyNames") return undefined;
	const message = valueMessage(fault, alternatives, path, valueAt(root, path));
	return { path, message, part: "value", culprit: path };
}

function nameRule(path: ConfigPath): string {
	return NAME_RULES.get(path.join(".")) ?? "operations are lower-case, like chat_completions";
}

function unknownKey(key: string, path: ConfigPath): string {
	const suggestion = didYouMean(key, keysAt(path), KEY_OTHER_NAMES);
	const isSecret = suggestion.includes("'api_key_env'");
	if (isSecret) return `no such key${suggestion} Put the key into an environment variable, and the name of the variable here`;
	const isOfBackend = path.length === 2 && path[0] === "backends";
	if (suggestion === "" && isOfBackend) return `no such key; the options of a kind belong in [${path.join(".")}.options]`;
	if (suggestion !== "" || path.length > 1) return `no such key${suggestion}`;
	const [table] = tablesWith(key);
	return `no such key${table === undefined ? "" : `; did you mean '${table}.${key}'?`}`;
}
