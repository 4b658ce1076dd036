/** The validators of the target `ir` against ajv with the schemas of the target `schema`, on random values. */
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { reachable } from "../../codegen/emit/kit/checks/modules.ts";
import { schemaOf } from "../../codegen/emit/kit/checks/references.ts";
import type { JsonSchema } from "../../codegen/emit/kit/schema/json-schema.ts";
import { ajvFaults, faultTexts } from "./ajv-validator.ts";
import { valuesWithFaults } from "./schema-values.ts";

/** Size of what was compared. */
export interface Judgement {
	readonly validators: number;
	readonly faults: number;
}

/** The documents of a package by the names of their modules. */
export type SchemaTexts = ReadonlyMap<string, string>;

/**
 * Compares the faults that each validator finds.
 *
 * @param load returns the exports of `ir/validate/<module>.js`
 * @param runs values for each type
 */
export async function judgeValidators(
	texts: SchemaTexts,
	load: (module: string) => Promise<Readonly<Record<string, unknown>>>,
	runs: number,
): Promise<Judgement> {
	const documents = new Map([...texts].map(([module, text]): [string, JsonSchema] => [module, JSON.parse(text)]));
	let validators = 0;
	let faults = 0;
	for (const [module, { $defs = {} }] of documents) {
		const exports = await load(module);
		for (const name of Object.keys($defs).filter((each) => each !== "u64" && each !== "s64")) {
			const faultsOf = faultsBy(exports[`is${name}`], `${module} is${name}`);
			const judge = ajvFaults(documents, `${module}.schema.json#/$defs/${name}`);
			const isTold = reachable([{ module, name }], documents).every((target) => tellsCases(schemaOf(target, documents)));
			validators += 1;
			const check = (made: unknown): void => {
				const value: unknown = JSON.parse(JSON.stringify(made));
				const found = faultsOf(value);
				// For items that a tuple has not, ajv tells both of the rules that say so.
				const expected = judge(value).filter((each) => !each.includes(" items: "));
				if (isTold) assert.equal(found, expected, `${module} ${name}`);
				else assert.is(found.length === 0, expected.length === 0, `${module} ${name}`);
				faults += found.length;
			};
			fc.assert(fc.property(valuesWithFaults(schemaOf({ module, name }, documents), module, documents), check), { numRuns: runs });
		}
	}
	return { validators, faults };
}

/** False for a variant without a discriminator: ajv gives the faults of all cases, and a validator those of the case that the tag names. */
function tellsCases({ oneOf, discriminator }: JsonSchema): boolean {
	return discriminator !== undefined || (oneOf ?? []).every(({ properties }) => properties?.type?.const === undefined);
}

/** Returns a function that gives the faults that a validator finds, in order of text. */
export function faultsBy(validate: unknown, name: string): (value: unknown) => string[] {
	if (typeof validate !== "function") throw new Error(`there is no ${name}`);
	return (value) => {
		const valid = validate(value);
		const faults = faultTexts(Object(validate).errors ?? []);
		assert.is(valid, faults.length === 0);
		return faults;
	};
}
