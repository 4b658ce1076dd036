/** Emits `schema/validate/operations`: the payload validator of every operation, in one table. */
import type { Abi } from "../../model/abi.ts";
import type { EmittedFile } from "../emitter.ts";
import { docComment } from "../kit/doc-comment.ts";
import { header } from "../kit/header.ts";
import { moduleAlias } from "../kit/modules.ts";

export function operationValidators({ families }: Abi): EmittedFile[] {
	const notice = header(["wit/"]);
	const imports = families.map(({ name }) => `import { payload as ${moduleAlias(name)} } from "./${name}.js";\n`);
	const entries = families.map(({ name, operation }) => `\t${operation}: ${moduleAlias(name)},\n`);
	return [
		{
			path: "schema/validate/operations.js",
			content: `${notice}\n${imports.join("")}\nexport const payloads = {\n${entries.join("")}};\n`,
		},
		{
			path: "schema/validate/operations.d.ts",
			content: [
				notice,
				'import type { Operation, OperationMap } from "../../ir/operations.ts";',
				'import type { Validator } from "./validator.d.ts";',
				"",
				`${docComment("Checks the payload of each operation.")}export declare const payloads: { readonly [O in Operation]: Validator<OperationMap[O]["payload"]> };`,
				"",
			].join("\n"),
		},
	];
}
