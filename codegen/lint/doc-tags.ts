/**
 * Structured doc tags: known, in a place where they mean something, given once, and with a value in their form.
 * What the names in them refer to is checked by `buildAbi`, whether a value fits its field's type in `field-tags.ts`.
 *
 * @see ../model/abi.ts for what each tag means
 */
import { didYouMean } from "../diagnostics/suggest.ts";
import type { DocTag } from "../model/model.ts";
import type { Report, Rule } from "./rule.ts";
import { type Subject, type SubjectKind, subjectsOf } from "./subjects.ts";

export interface TagRule {
	readonly on: readonly SubjectKind[];
	/** In words, for the message. */
	readonly onWords: string;
	/** `none`: the tag stands alone. */
	readonly value: "none" | { readonly form: RegExp; readonly words: string };
	readonly repeatable?: true;
	/** Only within an interface tagged `@operation`. */
	readonly familyOnly?: true;
}

const SNAKE = { form: /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, words: "one name in snake_case, e.g. `supports_tools`" };
const COUNT = { form: /^\d+$/, words: "a whole number, e.g. `1`" };
const KEBAB = { form: /^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/, words: "the name of a variant of the same interface, e.g. `event`" };

/** Tags by name. */
export type TagRules = ReadonlyMap<string, TagRule>;

export const TAGS: TagRules = new Map<string, TagRule>([
	[
		"operation",
		{ on: ["interface"], onWords: "an interface", value: { ...SNAKE, words: "one name in snake_case, e.g. `chat_completions`" } },
	],
	["payload", { on: ["record"], onWords: "a record", value: "none", familyOnly: true }],
	["result", { on: ["record"], onWords: "a record", value: "none", familyOnly: true }],
	["atomic", { on: ["record", "variant"], onWords: "a record or a variant", value: "none" }],
	["stream", { on: ["resource"], onWords: "a resource", value: KEBAB }],
	["session", { on: ["resource"], onWords: "a resource", value: KEBAB }],
	["readiness", { on: ["resource"], onWords: "a resource", value: "none" }],
	["blocking", { on: ["function"], onWords: "a function", value: "none" }],
	["feature", { on: ["field", "case"], onWords: "a record field or a variant case", value: SNAKE, repeatable: true }],
	["default", { on: ["field"], onWords: "a record field", value: { form: /\S/, words: "the value that is assumed, e.g. `1`" } }],
	[
		"range",
		{
			on: ["field"],
			onWords: "a record field",
			value: { form: /^(?!\.\.$)(-?\d+(\.\d+)?)?\.\.(-?\d+(\.\d+)?)?$/, words: "`min..max` with at least one of the two, e.g. `0..1`" },
		},
	],
	["integer", { on: ["field"], onWords: "a record field", value: "none" }],
	["min-items", { on: ["field"], onWords: "a record field", value: COUNT }],
	["max-items", { on: ["field"], onWords: "a record field", value: COUNT }],
	["pattern", { on: ["field"], onWords: "a record field", value: { form: /\S/, words: "a regular expression, e.g. `^[a-z]{2}$`" } }],
	[
		"replaced-by",
		{
			on: ["interface", "resource", "function"],
			onWords: "an interface, a resource or a function",
			value: {
				form: /\S/,
				words: "the name of a function, a resource or an interface, e.g. `complete`, `session.send` or `cchat.complete`",
			},
		},
	],
	["json", { on: ["alias"], onWords: "an alias of `string`", value: { form: /^(any|object)$/, words: "`any` or `object`" } }],
]);

export const docTags: Rule = tagRule(TAGS);

/** Returns the rule that allows these tags, and no others. */
export function tagRule(tags: TagRules): Rule {
	return (model, report) => {
		for (const subject of subjectsOf(model)) {
			const seen = new Set<string>();
			for (const tag of subject.docs.tags) {
				checkTag(tag, subject, tags, report);
				const key = tags.get(tag.name)?.repeatable ? `${tag.name} ${tag.value}` : tag.name;
				if (seen.has(key)) report("repeated-doc-tag", tag.span, `${subject.label} is tagged \`@${key}\` twice`, "leave one of them out");
				seen.add(key);
			}
		}
	};
}

function checkTag(tag: DocTag, subject: Subject, tags: TagRules, report: Report): void {
	const rule = tags.get(tag.name);
	if (rule === undefined) {
		report(
			"unknown-doc-tag",
			tag.span,
			`\`@${tag.name}\` is not a doc tag that codegen knows`,
			didYouMean(
				`@${tag.name}`,
				[...tags.keys()].map((name) => `@${name}`),
			) ?? `the tags are ${[...tags.keys()].map((name) => `\`@${name}\``).join(", ")}; begin a line of prose with another word`,
		);
	} else if (!rule.on.includes(subject.kind)) {
		report(
			"misplaced-doc-tag",
			tag.span,
			`\`@${tag.name}\` stands on ${subject.label}, where it means nothing`,
			`it belongs on ${rule.onWords}`,
		);
	} else if (rule.familyOnly && !subject.iface?.docs.tags.some((each) => each.name === "operation")) {
		report(
			"misplaced-doc-tag",
			tag.span,
			`\`@${tag.name}\` stands on ${subject.label}, but the interface has no operation`,
			"tag the interface with `@operation <name>`, or drop the tag",
		);
	} else if (rule.value === "none") {
		if (tag.value !== "")
			report("malformed-doc-tag", tag.span, `\`@${tag.name}\` takes no value, found \`${tag.value}\``, "drop the value");
	} else if (!rule.value.form.test(tag.value)) {
		const found = tag.value === "" ? "has no value" : `has the value \`${tag.value}\``;
		report("malformed-doc-tag", tag.span, `\`@${tag.name}\` of ${subject.label} ${found}`, `it takes ${rule.value.words}`);
	}
}
