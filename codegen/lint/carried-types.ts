/** Types that cannot cross: what guest engines mangle, and what has no form in the Canonical IR. */
import { childTypes, handlesIn } from "../model/build-abi.ts";
import type { TypeRef } from "../model/model.ts";
import type { Report, Rule } from "./rule.ts";
import { subjectsOf } from "./subjects.ts";

/** Anywhere in the package: 64-bit integers trap or lose digits in guests; stream, future and error-context are not served yet. */
export const servedTypesOnly: Rule = (model, report) => {
	for (const subject of subjectsOf(model)) {
		const types: TypeRef[] = [];
		if (subject.kind === "field") types.push(subject.item.type);
		if (subject.kind === "case" && subject.item.type !== undefined) types.push(subject.item.type);
		if (subject.kind === "alias" && subject.item.kind === "alias") types.push(subject.item.type);
		if (subject.kind === "function") {
			types.push(...subject.item.params.map((param) => param.type));
			if (subject.item.result !== undefined) types.push(subject.item.result);
		}
		for (const type of types) checkServed(type, subject.label, report);
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
