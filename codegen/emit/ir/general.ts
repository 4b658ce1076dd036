/**
 * `ir/` for any package: the types of all values that JSON can hold, as JSON holds them, and validators that prove them. The schemas of the
 * target `schema` say the same.
 */

import { jsonKind } from "../../model/abi.ts";
import { type DataModule, DataModules } from "../../model/carried/data-modules.ts";
import { moduleAlias, typeName } from "../../model/names/type-names.ts";
import { checkModules, reachable } from "../kit/checks/modules.ts";
import { type Target as CheckTarget, keyOf } from "../kit/checks/references.ts";
import { checkRuntime, validatorTypes } from "../kit/checks/runtime.ts";
import { validators } from "../kit/checks/validators.ts";
import { docComment } from "../kit/doc-comment.ts";
import { generalHeader } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { noJsonForm } from "../kit/no-json-form.ts";
import { dataModuleSchema } from "../kit/schema/interface-schema.ts";
import { UnsoundPatterns } from "../kit/unsound-patterns.ts";
import type { Target } from "../target.ts";
import { dataModule } from "./interface-module.ts";
import { jsonModule } from "./json-module.ts";

interface Validated {
	/** Name of the exported function. */
	readonly name: string;
	readonly target: CheckTarget;
	/** The type that the function proves. */
	readonly type: string;
}

export const generalIr: Target = (model, output) => {
	const modules = new DataModules(model);
	const unsound = new UnsoundPatterns(modules);
	for (const finding of [...noJsonForm(modules), ...unsound.findings]) output.report(finding);
	const { withTypes } = modules;
	if (withTypes.length === 0) return;
	const documents = new Map(withTypes.map((module) => [module.file, unsound.removedFrom(dataModuleSchema(module, modules))]));
	const roots = withTypes.flatMap(validatedTypes).map(({ target }) => target);
	// A type that any value has needs no check.
	const checked = new Set(reachable(roots, documents).map(keyOf));
	for (const [file, code] of checkModules({ documents, roots }))
		output.write(`ir/check/${file}.js`, `${noticeOf(withTypes, file)}\n${code}`);
	for (const module of withTypes) {
		const notice = generalHeader([module]);
		const exports = validatedTypes(module).filter(({ target }) => checked.has(keyOf(target)));
		output.write(`ir/${module.file}.ts`, dataModule(module, modules));
		output.write(`ir/validate/${module.file}.js`, `${notice}\n${validators(exports, "check")}`);
		output.write(`ir/validate/${module.file}.d.ts`, `${notice}\n${declarations(module, exports)}`);
	}
	const all = generalHeader(withTypes);
	if (withTypes.some(({ types }) => types.some((def) => def.kind === "alias" && jsonKind(def) !== undefined)))
		output.write("ir/json.ts", `${all}\n${jsonModule}`);
	output.write("ir/check-runtime.js", `${all}\n${checkRuntime}`);
	output.write("ir/validate/validator.d.ts", `${all}\n${validatorTypes}`);
};

/** The types of a module, with the names of their validators: `isEntry` for `Entry`. */
function validatedTypes({ file, types }: DataModule): Validated[] {
	return types.map((def) => ({ name: `is${typeName(def)}`, target: { module: file, name: typeName(def) }, type: typeName(def) }));
}

function declarations({ file }: DataModule, exports: readonly Validated[]): string {
	if (exports.length === 0) return "export {};\n";
	const imports = new Imports(exports.map(({ name }) => name));
	const types = imports.typeNamespace(moduleAlias(file), `../${file}.ts`);
	const validator = imports.type("Validator", "./validator.d.ts");
	const lines = exports.map(
		({ name, type }) =>
			`${docComment(`Tells if a value is of the type \`${type}\`.`)}export declare const ${name}: ${validator}<${types}.${type}>;\n`,
	);
	return `${imports.toString()}\n${lines.join("\n")}`;
}

function noticeOf(modules: readonly DataModule[], file: string): string {
	return generalHeader(modules.filter((module) => module.file === file));
}
