/** Patterns of doc tags that a validator could not use, or only at the risk that a text makes it hang. */
import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import { patternFault, slownessOf } from "../../lint/pattern-fault.ts";
import type { DataModules } from "../../model/carried/data-modules.ts";
import { type JsonSchema, mapSchema } from "./schema/json-schema.ts";

export class UnsoundPatterns {
	/** A warning for each such tag. */
	readonly findings: readonly Diagnostic[];
	readonly #patterns = new Set<string>();

	constructor({ withTypes }: DataModules) {
		const records = withTypes.flatMap(({ types }) => types.filter((def) => def.kind === "record"));
		this.findings = records.flatMap((def) =>
			def.fields.flatMap((field) =>
				field.docs.tags.flatMap(({ name, value, span }): Diagnostic[] => {
					const fault = name === "pattern" ? (patternFault(value) ?? slownessOf(value)) : undefined;
					if (fault === undefined) return [];
					this.#patterns.add(value);
					const message = `\`@pattern ${value}\` of field \`${def.name}.${field.name}\` is left out: ${fault}`;
					const help = "anchor it with `^` and `$`, and let no two loops read the same characters";
					return [diagnostic("warning", "slow-pattern", span, message, { help })];
				}),
			),
		);
	}

	/** A schema without these patterns. */
	removedFrom(schema: JsonSchema): JsonSchema {
		return this.#patterns.size === 0 ? schema : mapSchema(schema, (each) => this.#without(each));
	}

	#without(schema: JsonSchema): JsonSchema {
		const { pattern, ...rest } = schema;
		return pattern !== undefined && this.#patterns.has(pattern) ? rest : schema;
	}
}
