/** Names that are apart in WIT and would fall together, or mean something else, in generated code. */

import { tagValue } from "../model/abi.ts";
import type { Interface, Span, TypeDef } from "../model/model.ts";
import { camelCase, pascalCase, pascalFromSnake, snakeCase } from "../model/names/spelling.ts";
import type { Report, Rule } from "./rule.ts";

interface Named {
	readonly name: string;
	readonly span: Span;
}

export const namesStayApart: Rule = (model, report) => {
	apart(model.main.interfaces, "interfaces", [pascalCase, snakeCase], report);
	const operations = model.main.interfaces.flatMap((iface) => {
		const name = tagValue(iface, "operation");
		return name === undefined ? [] : [{ name, span: iface.span }];
	});
	// Equal operations are reported where families are built.
	apart(
		operations.filter((each, index) => operations.findIndex((other) => other.name === each.name) === index),
		"operations",
		[pascalFromSnake],
		report,
	);
	for (const iface of model.main.interfaces) checkInterface(iface, report);
};

function checkInterface(iface: Interface, report: Report): void {
	const resources = iface.types.filter((def) => def.kind === "resource");
	apart(iface.types, `types of interface \`${iface.name}\``, [pascalCase], report);
	apart([...iface.functions, ...resources], `members of interface \`${iface.name}\``, [camelCase], report);
	for (const def of iface.types) checkType(def, iface, report);
	for (const func of iface.functions) {
		checkReserved(func, `function \`${iface.name}.${func.name}\``, report);
		apart(func.params, `parameters of \`${iface.name}.${func.name}\``, [camelCase], report);
	}
}

function checkType(def: TypeDef, iface: Interface, report: Report): void {
	const path = `${iface.name}.${def.name}`;
	if (def.kind === "record") {
		apart(def.fields, `fields of \`${path}\``, [camelCase, snakeCase], report);
		for (const field of def.fields) checkInherited(field, `field \`${path}.${field.name}\``, report);
	}
	if (def.kind === "enum") apart(def.cases, `cases of \`${path}\``, [snakeCase], report);
	if (def.kind === "flags") {
		apart(def.flags, `flags of \`${path}\``, [camelCase, snakeCase], report);
		for (const flag of def.flags) checkInherited(flag, `flag \`${path}.${flag.name}\``, report);
	}
	if (def.kind === "variant") {
		apart(def.cases, `cases of \`${path}\``, [snakeCase], report);
		for (const each of def.cases) {
			if (each.name === "type")
				report(
					"reserved-name",
					each.span,
					`variant \`${path}\` has a case named \`type\`, which the IR uses for the case's name`,
					"give it another name",
				);
		}
	}
	if (def.kind !== "resource") return;
	apart(def.functions, `functions of resource \`${path}\``, [camelCase], report);
	for (const func of def.functions) {
		checkReserved(func, `function \`${path}.${func.name}\``, report);
		apart(func.params, `parameters of \`${path}.${func.name}\``, [camelCase], report);
	}
}

/** Members a JavaScript class or promise gives another meaning to. */
const RESERVED_MEMBERS: ReadonlySet<string> = new Set(["constructor", "prototype", "then"]);

function checkReserved(func: Named, label: string, report: Report): void {
	if (RESERVED_MEMBERS.has(camelCase(func.name)))
		report("reserved-name", func.span, `${label} has a name that means something else on a JavaScript object`, "give it another name");
}

/** A member that may be absent must not be found on every object. */
function checkInherited({ name, span }: Named, label: string, report: Report): void {
	if (camelCase(name) === "constructor")
		report("reserved-name", span, `${label} has a name that every JavaScript object has already`, "give it another name");
}

function apart(items: readonly Named[], what: string, spellings: readonly ((name: string) => string)[], report: Report): void {
	for (const spell of spellings) {
		const seen = new Map<string, Named>();
		for (const item of items) {
			const spelt = spell(item.name);
			const other = seen.get(spelt);
			if (other !== undefined && other.name !== item.name) {
				report(
					"name-collision",
					item.span,
					`\`${item.name}\` and \`${other.name}\`, both ${what}, are both \`${spelt}\` in generated code`,
					"rename one of them",
				);
			}
			seen.set(spelt, other ?? item);
		}
	}
}
