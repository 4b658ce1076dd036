/** Emits `schema/validate/` and `schema/validate-wire/`: validators of values in memory and in JSON, with the types that they prove. */
import type { Abi } from "../../model/abi.ts";
import { moduleAlias } from "../../model/carried/data-types.ts";
import type { EmittedFile, Emitter } from "../emitter.ts";
import { docComment } from "../kit/doc-comment.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { schemaDocuments } from "../kit/schema/documents.ts";
import { type ExtraSchema, type ReadExtraSchemas, readExtraSchemas } from "../kit/schema/extra-schemas.ts";
import { template } from "../kit/template.ts";
import { memoizedValidators } from "./memoized.ts";
import { operationValidators } from "./operations.ts";
import { type ValidatorPlan, validatorPlans } from "./plan.ts";
import { wireValidators } from "./wire.ts";

const validatorTypes = template<Record<string, never>>(new URL("./validator.hbs", import.meta.url));

export function createValidatorsEmitter(readExtra: ReadExtraSchemas = readExtraSchemas): Emitter {
	return {
		name: "validators",
		async emit({ abi, memo }) {
			const extra = await readExtra();
			const documents = schemaDocuments(abi, extra, "memory");
			const sources = sourcesOf(abi, extra);
			const files: EmittedFile[] = [];
			for (const [module, plans] of validatorPlans(abi, extra)) {
				const notice = header([sources.get(module) ?? `wit/${module}.wit`]);
				const code = await memoizedValidators(memo, documents, new Map(plans.map((plan) => [plan.name, plan.ref])));
				files.push({ path: `schema/validate/${module}.js`, content: `${notice}\n${code}` });
				files.push({ path: `schema/validate/${module}.d.ts`, content: `${notice}\n${declarations(module, plans)}` });
			}
			files.push({ path: "schema/validate/validator.d.ts", content: `${header(sources.values())}\n${validatorTypes({})}` });
			return [...files, ...operationValidators(abi), ...(await wireValidators(abi, extra, memo))];
		},
	};
}

export const validatorsEmitter: Emitter = createValidatorsEmitter();

function declarations(module: string, plans: readonly ValidatorPlan[]): string {
	const imports = new Imports();
	const alias = imports.typeNamespace(moduleAlias(module), `../../ir/${module}.ts`);
	const validator = imports.type("Validator", "./validator.d.ts");
	const lines = plans.map(
		({ name, type }) => `${docComment(`Validates \`${type}\`.`)}export declare const ${name}: ${validator}<${alias}.${type}>;\n`,
	);
	return `${imports.toString()}\n${lines.join("\n")}`;
}

/** Module name → the file it is made from. */
function sourcesOf(abi: Abi, extra: readonly ExtraSchema[]): Map<string, string> {
	return new Map([
		...abi.interfaces.map((each): [string, string] => [each.interface.name, witSource(each.interface)]),
		...extra.map((each): [string, string] => [each.name, each.source]),
	]);
}
