/** The matrix of fields and backend kinds as Markdown, one table an operation. */

import { type Case, casesOf } from "../../src/backends/rule-sentences.ts";
import type { FieldRule, FixedRule } from "../../src/backends/rules.ts";

type Table = Readonly<Record<string, FieldRule>>;

/** The tables of one kind, by operation. */
export interface KindTables {
	readonly kind: string;
	readonly tables: ReadonlyMap<string, Table>;
}

const INTRODUCTION = `# Fields by backend kind

<!-- Made by \`npm run matrix -- --write\` from the tables of the kinds. Do not edit. -->

The tables say what each kind does with every field of a request, with the default options of the kind.

| word | meaning | \`strict\` | \`declared\` | \`lenient\` |
| --- | --- | --- | --- | --- |
| pass | sent as it is | yes | yes | yes |
| map | translated without loss | yes | yes | yes |
| **emulate** | imitated by other means, which may do less | passed over | yes | yes |
| **drop** | left out | passed over | yes | yes |
| **reject** | refused | passed over | passed over | the treatment in brackets, else passed over |

The last three columns are the policies of the setting \`degradation\`. "Passed over" means that the router looks for another backend. Numbers
such as [1] refer to the reasons below the table. A condition applies before the word behind it. Parts of a field have no row if every kind
treats the parts like the field.

Options and presets change some rules. For the backends of a configuration, ask with a field:
\`spear explain --operation chat_completions --field params.seed --degradation strict\`.
`;

/**
 * Returns the matrix.
 *
 * @param operations Operations in the order of the document, with their fields.
 */
export function matrix(
	operations: readonly { readonly name: string; readonly fields: readonly string[] }[],
	kinds: readonly KindTables[],
): string {
	const sections = operations.flatMap(({ name, fields }) => {
		const serving = kinds.flatMap(({ kind, tables }) => {
			const table = tables.get(name);
			return table === undefined ? [] : [{ kind, table }];
		});
		return serving.length === 0 ? [] : [{ name, text: section(name, fields, serving) }];
	});
	const links = sections.map(({ name }) => `- [\`${name}\`](#${name})`);
	return [INTRODUCTION, ...links, "", ...sections.map(({ text }) => text)].join("\n");
}

function section(operation: string, fields: readonly string[], kinds: readonly { readonly kind: string; readonly table: Table }[]): string {
	const reasons = new Reasons();
	const rows = new Map<string, readonly string[]>();
	for (const field of fields) {
		const cells = kinds.map(({ table }) => casesOf(table[field] ?? { treatment: "pass" }));
		const texts = cells.map((cases) => cases.map(plainText).join("; "));
		const parent = nearest(field, rows);
		if (parent !== undefined && texts.every((text, index) => text === parent[index])) continue;
		rows.set(field, texts);
	}
	const lines = [...rows.keys()].map((field) => {
		const cells = kinds.map(({ table }) => casesOf(table[field] ?? { treatment: "pass" }).map((each) => caseText(each, reasons)));
		return `| \`${field}\` | ${cells.map((texts) => texts.join("; ")).join(" | ")} |`;
	});
	return [
		`## ${operation}\n`,
		`| field | ${kinds.map(({ kind }) => `\`${kind}\``).join(" | ")} |`,
		`| --- |${" --- |".repeat(kinds.length)}`,
		...lines,
		...(reasons.all.length === 0 ? [] : ["", ...reasons.all.map((reason, index) => `${index + 1}. ${reason}`)]),
		"",
	].join("\n");
}

/** Returns the cells of the nearest field above that has a row. */
function nearest(field: string, rows: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
	for (let end = field.lastIndexOf("."); end > 0; end = field.lastIndexOf(".", end - 1)) {
		const cells = rows.get(field.slice(0, end));
		if (cells !== undefined) return cells;
	}
	return undefined;
}

/** A case with its reason, to compare cells. */
function plainText({ when = "", rule }: Case): string {
	return `${when}: ${JSON.stringify(rule)}`;
}

function caseText({ when, rule }: Case, reasons: Reasons): string {
	const text = ruleText(rule, reasons);
	return when === undefined ? text : `*${when.replaceAll("|", "\\|")}:* ${text}`;
}

function ruleText(rule: FixedRule, reasons: Reasons): string {
	if (rule.treatment === "pass") return "pass";
	const reference = `[${reasons.number(rule.reason)}]`;
	if (rule.treatment === "map") return `map ${reference}`;
	const text = `**${rule.treatment}** ${reference}`;
	if (rule.treatment !== "reject" || rule.lenient === undefined) return text;
	const { treatment, reason } = rule.lenient;
	return `${text} (${treatment}${reason === rule.reason ? "" : ` [${reasons.number(reason)}]`})`;
}

/** Numbers the reasons of one table, in the order of their first use. */
class Reasons {
	readonly all: string[] = [];

	number(reason: string): number {
		const known = this.all.indexOf(reason);
		return known === -1 ? this.all.push(reason) : known + 1;
	}
}
