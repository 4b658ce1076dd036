/**
 * Emits validators of values in memory and in JSON, with the types that they prove: `schema/validate/` and `schema/validate-wire/`. The checks of
 * each definition, which they share, are in `schema/check/` and `schema/check-wire/`.
 */
import type { Abi } from "../../model/abi.ts";
import { moduleAlias, moduleName } from "../../model/names/type-names.ts";
import type { Emitter } from "../emitter.ts";
import { checkModules } from "../kit/checks/modules.ts";
import { checkRuntime, validatorTypes } from "../kit/checks/runtime.ts";
import { validators } from "../kit/checks/validators.ts";
import { docComment } from "../kit/doc-comment.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { schemaDocuments } from "../kit/schema/documents.ts";
import { type ExtraSchema, type ReadExtraSchemas, readExtraSchemas } from "../kit/schema/extra-schemas.ts";
import { operationValidators } from "./operations.ts";
import { type ValidatorPlan, validatorPlans } from "./plan.ts";
import { wireValidators } from "./wire.ts";

export function createValidatorsEmitter(readExtra: ReadExtraSchemas = readExtraSchemas): Emitter {
	return {
		name: "validators",
		async emit({ abi }) {
			const extra = await readExtra();
			const sources = sourcesOf(abi, extra);
			const noticeOf = (module: string): string => header([sources.get(module) ?? "wit/"]);
			const plans = validatorPlans(abi, extra);
			const documents = schemaDocuments(abi, extra, "memory");
			const wire = wireValidators(abi, extra, documents, noticeOf);
			const roots = [...plans.values()].flatMap((own) => own.map(({ target }) => target));
			const checks = checkModules({ documents, roots: [...roots, ...wire.shared] });
			const all = header(sources.values());
			return [
				{ path: "schema/check-runtime.js", content: `${all}\n${checkRuntime}` },
				...[...checks].map(([module, code]) => ({ path: `schema/check/${module}.js`, content: `${noticeOf(module)}\n${code}` })),
				{ path: "schema/validate/validator.d.ts", content: `${all}\n${validatorTypes}` },
				...[...plans].flatMap(([module, own]) => [
					{ path: `schema/validate/${module}.js`, content: `${noticeOf(module)}\n${validators(own, "check")}` },
					{ path: `schema/validate/${module}.d.ts`, content: `${noticeOf(module)}\n${declarations(module, own)}` },
				]),
				...operationValidators(abi),
				...wire.files,
			];
		},
	};
}

export const validatorsEmitter: Emitter = createValidatorsEmitter();

function declarations(module: string, plans: readonly ValidatorPlan[]): string {
	const imports = new Imports(plans.map(({ name }) => name));
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
		...abi.interfaces.map((each): [string, string] => [moduleName(each.interface.name), witSource(each.interface)]),
		...extra.map((each): [string, string] => [each.name, each.source]),
	]);
}
