/** `generated/hostcall/core/<interface>.ts`: types and constants of an interface, and what a host implements. */
import { isBlocking } from "../../../model/abi.ts";
import { numbersOf } from "../../../model/core/build-core.ts";
import type { CoreAbi, CoreInterface } from "../../../model/core/core-abi.ts";
import { coreInterfaceName, declaredTypes } from "../../../model/core/core-names.ts";
import { jsonRecord, numberType } from "../../../model/core/core-types.ts";
import type { Func, Interface, RecordDef } from "../../../model/model.ts";
import { signatureName } from "../../../model/names/reserved.ts";
import { camelCase, snakeCase } from "../../../model/names/spelling.ts";
import { typeName } from "../../../model/names/type-names.ts";
import { docComment, docText } from "../../kit/doc-comment.ts";
import { header, witSource } from "../../kit/header.ts";
import { Imports } from "../../kit/imports.ts";
import { delimited } from "../../kit/layout.ts";
import { CoreTypes, callParams, commandParams, numberText } from "../type-text.ts";

/** @param iface the interface; `calls` is absent if it has no functions */
export function interfaceFile(abi: CoreAbi, iface: Interface, calls: CoreInterface | undefined): string {
	const name = coreInterfaceName(iface);
	const declared = declaredTypes(abi, iface);
	const imports = new Imports([...declared.map(typeName), ...(calls === undefined ? [] : [name])]);
	const types = new CoreTypes(imports, "./", iface);
	const sections = declared.map((def) => (def.kind === "record" ? recordText(def, types) : constantsText(def)));
	if (calls !== undefined) sections.push(hostInterface(calls, name, types));
	return [header([witSource(iface)]), imports.toString(), ...sections].filter((part) => part !== "").join("\n");
}

function constantsText(def: Parameters<typeof numbersOf>[0]): string {
	const members = numbersOf(def).map((each) => `${docComment(docText(each), 1)}\t${camelCase(each.name)}: ${each.number},\n`);
	return `${docComment(docText(def))}export const ${typeName(def)} = {\n${members.join("")}} as const;\n`;
}

/** A record has JSON's members if JSON holds it, and else it is a packed record of numbers. */
function recordText(def: RecordDef, types: CoreTypes): string {
	const json = jsonRecord(def);
	const members = def.fields.map((field) => {
		const member = "record" in json ? json.record.members.find(({ name }) => name === snakeCase(field.name)) : undefined;
		const type = member === undefined ? numberText(numberType(field.type)?.name ?? "s32") : types.json(member.type);
		const optional = member?.isOptional === true;
		return `${docComment(docText(field), 1)}\treadonly ${snakeCase(field.name)}${optional ? "?" : ""}: ${type}${optional ? " | undefined" : ""};\n`;
	});
	return `${docComment(docText(def))}export interface ${typeName(def)} {\n${members.join("")}}\n`;
}

function hostInterface({ interface: iface, imports }: CoreInterface, name: string, types: CoreTypes): string {
	const members = new Map<Func, string>();
	for (const each of imports) {
		if (each.kind === "plain") {
			const { func, answer, takes } = each.call;
			members.set(func, memberText(func, callParams(each.call), types.answer(answer, takes)));
		} else {
			for (const command of each.commands)
				members.set(command.func, memberText(command.func, commandParams(command, types), types.answer(command.answer, false)));
		}
	}
	const ordered = iface.functions.map((func) => members.get(func) ?? "");
	return `${docComment(docText(iface))}export interface ${name} {\n${ordered.join("")}}\n`;
}

function memberText(func: Func, params: readonly { readonly name: string; readonly type: string }[], answer: string): string {
	const result = isBlocking(func) ? `Promise<${answer}>` : answer;
	const list = params.map(({ name, type }) => `${name}: ${type}`);
	return `${docComment(docText(func), 1)}\t${delimited(`${signatureName(camelCase(func.name))}(`, list, `): ${result};`, 1)}\n`;
}
