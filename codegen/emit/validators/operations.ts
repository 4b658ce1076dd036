/** Emits `schema/validate/operations`: the validators of every operation's payload, result and event, in one table each. */
import type { Abi, Family } from "../../model/abi.ts";
import { NameScope } from "../../model/names/name-scope.ts";
import { moduleAlias, moduleName } from "../../model/names/type-names.ts";
import { validatorNames } from "../../model/names/validator-names.ts";
import type { EmittedFile } from "../emitter.ts";
import { docComment } from "../kit/doc-comment.ts";
import { header } from "../kit/header.ts";

interface Table {
	/** Name of the exported table. */
	readonly name: string;
	/** Member of `OperationMap`. */
	readonly member: "payload" | "result" | "event";
	readonly doc: string;
}

const TABLES: readonly Table[] = [
	{ name: "payloads", member: "payload", doc: "Validates the payload of each operation." },
	{ name: "results", member: "result", doc: "Validates the result of each operation." },
	{ name: "events", member: "event", doc: "Validates the events of each operation. An operation without events accepts none." },
];

export function operationValidators(abi: Abi): EmittedFile[] {
	const { families } = abi;
	const notice = header(["wit/"]);
	const scope = new NameScope([...TABLES.map(({ name }) => name), "none"]);
	const aliases = new Map(families.map((family) => [family, scope.take(moduleAlias(moduleName(family.name)))]));
	const names = validatorNames(abi);
	const entry = (family: Family, member: Table["member"]): string => {
		const def = family[member];
		return `\t${family.operation}: ${def === undefined ? "none" : `${aliases.get(family)}.${names.get(def)}`},\n`;
	};
	const imports = [...aliases].map(([{ name }, alias]) => `import * as ${alias} from "./${moduleName(name)}.js";\n`);
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
