/** Modules that export validators. */

import { camelCase } from "../../../model/names/spelling.ts";
import { Imports } from "../imports.ts";
import { checkName } from "./module-printer.ts";
import type { Target } from "./references.ts";

/** @param folder folder of the checks, beside that of the module */
export function validators(exports: readonly { readonly name: string; readonly target: Target }[], folder: string): string {
	const imports = new Imports(exports.map(({ name }) => name));
	const lines = exports.map(({ name, target }) => {
		const checks = imports.valueNamespace(`${camelCase(target.module)}Checks`, `../${folder}/${target.module}.js`);
		return `export const ${name} = ${imports.valueNamespace("is", "../check-runtime.js")}.validator(${checks}.${checkName(target)});\n`;
	});
	return `${imports.toString()}\n${lines.join("")}`;
}
