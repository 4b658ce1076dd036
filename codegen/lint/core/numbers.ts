/** Numbers of enum cases and flags: each has one, and none stands for two. */
import { membersOf, numbersOf } from "../../model/core/build-core.ts";
import type { EnumDef, FlagsDef, Member } from "../../model/model.ts";
import type { Report, Rule } from "../rule.ts";

export const membersAreNumbered: Rule = (model, report) => {
	for (const def of model.main.interfaces.flatMap(({ types }) => types)) {
		if (def.kind !== "enum" && def.kind !== "flags") continue;
		for (const member of membersOf(def)) checkPresent(member, def, report);
		checkDistinct(def, report);
	}
};

function checkPresent(member: Member, def: EnumDef | FlagsDef, report: Report): void {
	if (member.docs.tags.some(({ name }) => name === "number")) return;
	report(
		"missing-number",
		member.span,
		`\`${def.owner.name}.${def.name}.${member.name}\` has no number`,
		"tag it with `@number <n>`: guests pass the number",
	);
}

function checkDistinct(def: EnumDef | FlagsDef, report: Report): void {
	const seen: { readonly name: string; readonly number: number }[] = [];
	for (const { name, number, span } of numbersOf(def)) {
		const other = seen.find((each) => each.number === number || (def.kind === "flags" && (each.number & number) !== 0));
		const path = `${def.owner.name}.${def.name}`;
		if (other !== undefined)
			report(
				"repeated-number",
				span,
				`\`${path}.${name}\` has the number ${number}, and shares it with \`${other.name}\``,
				def.kind === "flags" ? "give each flag bits of its own" : "give each case a number of its own",
			);
		else if (number === 0 && (def.kind === "flags" || def.name === "errno"))
			report(
				"repeated-number",
				span,
				`\`${path}.${name}\` has the number 0, which stands for ${def.kind === "flags" ? "no flag" : "success"}`,
				"give it a number above 0",
			);
		seen.push({ name, number });
	}
}
