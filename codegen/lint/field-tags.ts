/** `@integer`, `@range`, `@min-items`, `@max-items`, `@pattern`, `@default` and `@json` against the type of what they stand on. */
import { constraintsOf, hasTag, resolveAlias } from "../model/abi.ts";
import type { Docs, DocTag, Field, PrimitiveName, TypeDef, TypeRef } from "../model/model.ts";
import { patternFault, slownessOf } from "./pattern-fault.ts";
import type { Report, Rule } from "./rule.ts";
import { subjectsOf } from "./subjects.ts";

export const fieldTags: Rule = (model, report) => {
	for (const subject of subjectsOf(model)) {
		if (subject.kind === "field") checkField(subject.item, subject.label, report);
		if (subject.kind === "alias" && subject.item.kind === "alias" && hasTag(subject.item, "json")) {
			const target = underlying(subject.item.type);
			if (!("kind" in target && target.kind === "primitive" && target.name === "string")) {
				report(
					"misfit-doc-tag",
					tagOf(subject.docs, "json")?.span ?? subject.span,
					`\`@json\` stands on ${subject.label}, which is not an alias of \`string\``,
					"JSON crosses the ABI as text",
				);
			}
		}
	}
};

/** The type of a value once aliases are followed: a primitive or other built-in type, or a definition. */
type Underlying = TypeRef | Exclude<TypeDef, { kind: "alias" }>;

function underlying(type: TypeRef): Underlying {
	if (type.kind !== "named") return type;
	const resolved = resolveAlias(type.def);
	return resolved.kind === "alias" ? type : resolved;
}

function checkField(field: Field, label: string, report: Report): void {
	const optional = underlying(field.type);
	const type = optional.kind === "option" ? underlying(optional.some) : optional;
	const misfit = (tag: DocTag, wants: string): void =>
		report("misfit-doc-tag", tag.span, `\`@${tag.name}\` stands on ${label}, which is not ${wants}`, "drop the tag or change the type");

	const range = tagOf(field.docs, "range");
	if (range !== undefined) checkRange(range, type, field, misfit, report);
	const integer = tagOf(field.docs, "integer");
	if (integer !== undefined && !isPrimitive(type, "f32") && !isPrimitive(type, "f64")) misfit(integer, "a floating-point number");
	for (const tag of [tagOf(field.docs, "min-items"), tagOf(field.docs, "max-items")]) {
		if (tag !== undefined && type.kind !== "list") misfit(tag, "a list");
	}
	const { minItems, maxItems } = constraintsOf(field);
	const maxTag = tagOf(field.docs, "max-items");
	if (maxTag !== undefined && minItems !== undefined && maxItems !== undefined && minItems > maxItems) {
		report(
			"malformed-doc-tag",
			maxTag.span,
			`\`@max-items ${maxItems}\` is below \`@min-items ${minItems}\``,
			"no list could have that length",
		);
	}
	const pattern = tagOf(field.docs, "pattern");
	if (pattern !== undefined) {
		if (!isPrimitive(type, "string")) misfit(pattern, "a string");
		const fault = patternFault(pattern.value);
		if (fault !== undefined)
			report(
				"malformed-doc-tag",
				pattern.span,
				`\`@pattern\` of ${label} is not a regular expression: ${fault}`,
				"JSON Schema reads it as JavaScript does with the `u` flag",
			);
		const slowness = fault === undefined ? slownessOf(pattern.value) : undefined;
		if (slowness !== undefined)
			report(
				"slow-pattern",
				pattern.span,
				`\`@pattern\` of ${label} may take far more time than the text is long: ${slowness}`,
				"anchor it with `^` and `$`, and let no two loops read the same characters one after the other",
			);
	}
	const fallback = tagOf(field.docs, "default");
	if (fallback === undefined) return;
	if (optional.kind !== "option") {
		report(
			"misfit-doc-tag",
			fallback.span,
			`\`@default\` stands on ${label}, which is never absent`,
			"make the type an `option<…>` or drop the tag",
		);
		return;
	}
	const fault = defaultFault(fallback.value, type, field);
	if (fault !== undefined)
		report(
			"misfit-doc-tag",
			fallback.span,
			`\`@default ${fallback.value}\` does not fit ${label}: ${fault}`,
			"give a value the field could have",
		);
}

function checkRange(tag: DocTag, type: Underlying, field: Field, misfit: (tag: DocTag, wants: string) => void, report: Report): void {
	if (type.kind !== "primitive" || !(type.name in BOUNDS)) {
		misfit(tag, "a number");
		return;
	}
	const [least, most] = BOUNDS[type.name] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
	const { minimum, maximum, integer } = constraintsOf(field);
	if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
		report("malformed-doc-tag", tag.span, `\`@range ${tag.value}\` ends before it begins`, "write the smaller bound first");
	}
	for (const bound of [minimum, maximum]) {
		if (bound === undefined) continue;
		if (bound < least || bound > most)
			report(
				"misfit-doc-tag",
				tag.span,
				`\`@range ${tag.value}\` goes beyond what a \`${type.name}\` can hold`,
				`it holds ${least} to ${most}`,
			);
		if ((integer === true || !type.name.startsWith("f")) && !Number.isInteger(bound))
			report(
				"misfit-doc-tag",
				tag.span,
				`\`@range ${tag.value}\` has a fraction, but the field is ${integer === true ? "an `@integer`" : `a \`${type.name}\``}`,
				"use whole numbers",
			);
	}
}

const BOUNDS: { readonly [N in PrimitiveName]?: readonly [number, number] } = {
	u8: [0, 0xff],
	u16: [0, 0xffff],
	u32: [0, 0xffff_ffff],
	s8: [-0x80, 0x7f],
	s16: [-0x8000, 0x7fff],
	s32: [-0x8000_0000, 0x7fff_ffff],
	f32: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
	f64: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
};

/** The reason, in words, that a default is not a value of the type; undefined if it is. */
function defaultFault(value: string, type: Underlying, field: Field): string | undefined {
	if (type.kind === "enum") {
		return type.cases.some((each) => each.name === value) ? undefined : `\`${type.name}\` has the cases ${names(type.cases)}`;
	}
	if (type.kind === "variant") {
		const chosen = type.cases.find((each) => each.name === value);
		if (chosen === undefined) return `\`${type.name}\` has the cases ${names(type.cases)}`;
		return chosen.type === undefined ? undefined : `the case \`${value}\` carries a value, which a default cannot give`;
	}
	if (type.kind === "list") {
		if (value !== "[]") return "the only default of a list is `[]`";
		if (field.type.kind !== "option") return "the field itself must say `option<…>`, not an alias";
		return (constraintsOf(field).minItems ?? 0) > 0 ? "`@min-items` wants more than none" : undefined;
	}
	if (type.kind !== "primitive")
		return "only numbers, strings, `bool`, enums and cases without a value can have a default, and lists that of `[]`";
	if (type.name === "bool") return value === "true" || value === "false" ? undefined : "it is `true` or `false`";
	const { pattern, minimum, maximum, integer } = constraintsOf(field);
	if (type.name === "string") {
		return pattern !== undefined &&
			patternFault(pattern) === undefined &&
			slownessOf(pattern) === undefined &&
			!new RegExp(pattern, "u").test(value)
			? `it does not match \`@pattern ${pattern}\``
			: undefined;
	}
	if (type.name === "char") return [...value].length === 1 ? undefined : "a `char` is one character";
	const bounds = BOUNDS[type.name];
	if (bounds === undefined) return `a \`${type.name}\` cannot have a default`;
	if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return `a \`${type.name}\` is a number`;
	const number = Number(value);
	if (!type.name.startsWith("f") && !Number.isInteger(number)) return `a \`${type.name}\` is a whole number`;
	if (integer === true && !Number.isInteger(number)) return "an `@integer` is a whole number";
	if (number < Math.max(bounds[0], minimum ?? bounds[0]) || number > Math.min(bounds[1], maximum ?? bounds[1])) return "it is out of range";
	return undefined;
}

function isPrimitive(type: Underlying, name: PrimitiveName): boolean {
	return type.kind === "primitive" && type.name === name;
}

function names(cases: readonly { readonly name: string }[]): string {
	return cases.map((each) => `\`${each.name}\``).join(", ");
}

function tagOf(docs: Docs, name: string): DocTag | undefined {
	return docs.tags.find((tag) => tag.name === name);
}
