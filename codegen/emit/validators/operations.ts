/** Emits `schema/validate/operations`: the validators of every operation's payload, result and event, in one table each. */
import type { Abi, Family } from "../../model/abi.ts";
import { moduleAlias } from "../../model/carried/data-types.ts";
import type { EmittedFile } from "../emitter.ts";
import { docComment } from "../kit/doc-comment.ts";
import { header } from "../kit/header.ts";

interface Table {
	/** Name of the exported table. */
	readonly name: string;
	/** Member of `OperationMap`, and name of the validator in each family's module. */
	readonly member: "payload" | "result" | "event";
	readonly doc: string;
}

const TABLES: readonly Table[] = [
	{ name: "payloads", member: "payload", doc: "Validates the payload of each operation." },
	{ name: "results", member: "result", doc: "Validates the result of each operation." },
	{ name: "events", member: "event", doc: "Validates the events of each operation. An operation without events accepts none." },
];

export function operationValidators({ families }: Abi): EmittedFile[] {
	const notice = header(["wit/"]);
	const imports = families.map(({ name }) => `import * as ${moduleAlias(name)} from "./${name}.js";\n`);
	const tables = TABLES.map(
		({ name, member }) => `\nexport const ${name} = {\n${families.map((family) => entry(family, member)).join("")}};\n`,
	);
	const declarations = TABLES.map(
		({ name, member, doc }) =>
			`${docComment(doc)}export declare const ${name}: { readonly [O in Operation]: Validator<OperationMap[O][${JSON.stringify(member)}]> };\n`,
	);
	const none = families.some(({ event }) => event === undefined) ? "\nconst none = () => false;\n" : "";
	return [
		{ path: "schema/validate/operations.js", content: `${notice}\n${imports.join("")}${none}${tables.join("")}` },
		{
			path: "schema/validate/operations.d.ts",
			content: [
				notice,
				'import type { Operation, OperationMap } from "../../ir/operations.ts";',
				'import type { Validator } from "./validator.d.ts";',
				"",
				declarations.join("\n"),
			].join("\n"),
		},
	];
}

function entry({ name, operation, event }: Family, member: Table["member"]): string {
	return `\t${operation}: ${member === "event" && event === undefined ? "none" : `${moduleAlias(name)}.${member}`},\n`;
}
