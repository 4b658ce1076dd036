/** Types that cannot cross: what guest engines mangle, and what has no form in the Canonical IR. */
import { allFunctions, childTypes, handlesIn, importName } from "../model/build-abi.ts";
import type { Func, Span, TypeRef } from "../model/model.ts";
import type { Report, Rule } from "./rule.ts";
import { type Subject, subjectsOf } from "./subjects.ts";

/** Anywhere in the package: 64-bit integers trap or lose digits in guests; stream, future and error-context are not served yet. */
export const servedTypesOnly: Rule = (model, report) => {
	for (const subject of subjectsOf(model)) {
		for (const type of typesOf(subject)) checkServed(type, subject.label, report);
	}
};

/** Records, variants and aliases become IR types, and the IR is data: a handle has no meaning outside its guest. */
export const dataHoldsNoHandles: Rule = (model, report) => {
	for (const subject of subjectsOf(model)) {
		const type =
			subject.kind === "field" || subject.kind === "case"
				? subject.item.type
				: subject.kind === "alias" && subject.item.kind === "alias"
					? subject.item.type
					: undefined;
		for (const { span, mode, def } of handlesIn(type)) {
			report(
				"handle-in-data",
				span,
				`${subject.label} holds the handle \`${mode}<${def.name}>\``,
				"payloads, results and events are data; pass handles as parameters and results of functions",
			);
		}
	}
};

/** Generated code has a module for each interface of the package. A type of a dependency or of a world has none. */
export const ownTypesOnly: Rule = (model, report) => {
	const own = new Set(model.main.interfaces.flatMap((iface) => iface.types));
	const check = (types: readonly TypeRef[], label: string, span?: Span): void => {
		for (const type of types) {
			if ((type.kind === "named" || type.kind === "handle") && !own.has(type.def)) {
				const { owner } = type.def;
				const home = owner.kind === "world" ? `world \`${owner.name}\`` : `\`${importName(owner.package, owner.name)}\``;
				report(
					"unsupported-type",
					span ?? type.span,
					`${label} uses ${type.def.kind} \`${type.def.name}\` of ${home}`,
					`declare the type in an interface of \`${model.main.id.namespace}:${model.main.id.name}\`: only such types have generated code`,
				);
			}
			check(childTypes(type), label, span);
		}
	};
	for (const subject of subjectsOf(model)) {
		check(typesOf(subject), subject.label);
		if (subject.kind !== "export" || subject.item.kind !== "interface") continue;
		const { interface: iface } = subject.item;
		if (!model.main.interfaces.includes(iface)) for (const func of allFunctions(iface)) check(signature(func), subject.label, subject.span);
	}
};

function typesOf(subject: Subject): readonly TypeRef[] {
	if (subject.kind === "field") return [subject.item.type];
	if (subject.kind === "case") return subject.item.type === undefined ? [] : [subject.item.type];
	if (subject.kind === "alias") return subject.item.kind === "alias" ? [subject.item.type] : [];
	return subject.kind === "function" ? signature(subject.item) : [];
}

function signature({ params, result }: Func): TypeRef[] {
	return [...params.map((param) => param.type), ...(result === undefined ? [] : [result])];
}

function checkServed(type: TypeRef, label: string, report: Report): void {
	if (type.kind === "primitive" && (type.name === "u64" || type.name === "s64")) {
		report(
			"64-bit-integer",
			type.span,
			`${label} has the type \`${type.name}\`, which guests in JavaScript cannot hold`,
			"use `u32` or `s32`, or `f64` for whole numbers up to 2^53",
		);
	}
	if (type.kind === "stream" || type.kind === "future" || (type.kind === "primitive" && type.name === "error-context")) {
		report(
			"unserved-type",
			type.span,
			`${label} has the type \`${type.kind === "primitive" ? type.name : type.kind}\`, which is not supported yet`,
			"offer a resource tagged `@stream` instead",
		);
	}
	if (type.kind === "map" && !(type.key.kind === "primitive" && type.key.name === "string")) {
		report("unserved-type", type.key.span, `${label} has a map whose keys are not strings`, "use a list of records");
	}
	for (const child of childTypes(type)) checkServed(child, label, report);
}
