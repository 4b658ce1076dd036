/** Doc tags of core modules against the item that they stand on. */
import { hasTag } from "../../model/abi.ts";
import { isBytes, isOutBuffer, isText } from "../../model/core/core-types.ts";
import type { DocTag, Model } from "../../model/model.ts";
import type { Report, Rule } from "../rule.ts";
import { type Subject, subjectsOf } from "../subjects.ts";

/** The largest number that a guest can pass, and the largest error that fits into a result. */
const MAX_NUMBER = 0x7fff_ffff;

export const tagPlaces: Rule = (model, report) => {
	for (const subject of subjectsOf(model)) {
		for (const tag of subject.docs.tags) {
			const wants = misfit(tag, subject);
			if (wants !== undefined)
				report("misfit-doc-tag", tag.span, `\`@${tag.name}\` stands on ${subject.label}, ${wants}`, "drop the tag, or change the item");
			if (["number", "command", "max-bytes"].includes(tag.name) && Number(tag.value) > MAX_NUMBER)
				report("malformed-doc-tag", tag.span, `\`@${tag.name} ${tag.value}\` is above ${MAX_NUMBER}`, "guests pass 32 bits with a sign");
			if (tag.name === "invalid") checkErrno(tag, model, report);
		}
	}
};

/** The reason, in words, that a tag means nothing on an item. */
function misfit(tag: DocTag, subject: Subject): string | undefined {
	if (subject.kind === "interface" && tag.name === "argument-first")
		return subject.item.functions.some((func) => hasTag(func, "command")) ? undefined : "which has no `@command`";
	if (subject.kind === "alias" && tag.name === "out-buffer" && subject.item.kind === "alias") {
		const { type } = subject.item;
		return type.kind === "primitive" && type.name === "u32" ? undefined : "which is not an alias of `u32`";
	}
	if (subject.kind === "field" && tag.name === "nullable") return subject.item.type.kind === "option" ? undefined : "which is never absent";
	if (subject.kind !== "function") return undefined;
	const types = subject.item.params.map(({ type }) => type);
	if (tag.name === "takes") return types.some(isOutBuffer) ? undefined : "which has no place for an answer";
	if (tag.name === "max-bytes")
		return types.some((type) => isText(type) || isBytes(type)) ? undefined : "which takes neither text nor bytes";
	if (tag.name === "invalid")
		return hasTag(subject.item, "command") && types.length > 1 ? undefined : "which is no command with an argument";
	return undefined;
}

function checkErrno(tag: DocTag, model: Model, report: Report): void {
	const errno = model.main.interfaces.flatMap(({ types }) => types).find(({ name }) => name === "errno");
	if (errno?.kind !== "enum" || errno.cases.some(({ name }) => name === tag.value)) return;
	report(
		"unknown-errno",
		tag.span,
		`\`@invalid ${tag.value}\` names no case of \`errno\``,
		`its cases are ${errno.cases.map(({ name }) => `\`${name}\``).join(", ")}`,
	);
}
