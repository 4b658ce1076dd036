/** `generated/abi/core/<interface>.ts`: the imports of an interface. */
import type { CoreInterface } from "../../../model/core/core-abi.ts";
import type { Interface } from "../../../model/model.ts";
import { camelCase, constantCase } from "../../../model/names/spelling.ts";
import { header, witSource } from "../../kit/header.ts";
import { Imports } from "../../kit/imports.ts";
import { CoreTypes } from "../type-text.ts";
import type { BindingScope } from "./binding-scope.ts";
import { commandLines } from "./command-code.ts";
import { JsonCode } from "./json-code.ts";
import { callLines } from "./plain-code.ts";

/** The list of an interface's imports, e.g. `USER_STREAM_IMPORTS`. */
export function importsName({ name }: Interface): string {
	return `${constantCase(name)}_IMPORTS`;
}

export function bindingsFile({ interface: iface, imports: list }: CoreInterface): string {
	const imports = new Imports([importsName(iface), "context", "calls"]);
	const types = new CoreTypes(imports, "../../hostcall/core/");
	const scope: BindingScope = { imports, types, json: new JsonCode(imports, types), host: `calls.${camelCase(iface.name)}` };
	const type = imports.type("CoreImport", "./runtime.ts");
	const entries = list.map((each) => {
		const facts = [
			`module: ${JSON.stringify(each.module)},`,
			`name: ${JSON.stringify(each.name)},`,
			`signature: ${JSON.stringify(each.signature)},`,
			`waits: ${each.waits},`,
		];
		const lines = each.kind === "plain" ? callLines(each, scope) : commandLines(each, scope);
		return `\t{\n${[...facts, ...lines].map((line) => `\t\t${line}\n`).join("")}\t},\n`;
	});
	const parts = [
		header([witSource(iface)]),
		imports.toString(),
		scope.json.toString(),
		`/** The imports of interface \`${iface.name}\`. */\nexport const ${importsName(iface)}: readonly ${type}[] = [\n${entries.join("")}];\n`,
	];
	return parts.filter((part) => part !== "").join("\n");
}
