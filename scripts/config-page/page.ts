import type { ConfigKey, ConfigTable } from "./tables.ts";

/** Heading of a table as in TOML: `[backends.<name>]`, and `[[backends.<name>.models]]` for the tables of a list. */
function titleOf(path: string): string {
	const name = path.replaceAll("[]", "");
	return path.endsWith("[]") ? `\`[[${name}]]\`` : `\`[${name}]\``;
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(title: string): string {
	return title
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, "")
		.trim()
		.replace(/\s/g, "-");
}

/**
 * Returns the reference of `spear.toml` as Markdown: a section for each table, with its keys and an example.
 *
 * @param intro Text between the title and the list of tables.
 * @param examples TOML by the path of the table.
 * @throws Error for a table without an example, and for an example without a table.
 */
export function configPage(tables: readonly ConfigTable[], examples: ReadonlyMap<string, string>, intro: string): string {
	const unknown = [...examples.keys()].filter((path) => !tables.some((table) => table.path === path));
	if (unknown.length > 0) throw new Error(`no table of the schema has the example of ${unknown.join(", ")}`);
	const list = tables.map(({ path }) => `${"  ".repeat(depthOf(path, tables))}- [${titleOf(path)}](#${anchorOf(titleOf(path))})`);
	const sections = tables.map((table) => section(table, examples));
	return `${[intro.trim(), "## Tables", list.join("\n"), ...sections].join("\n\n")}\n`;
}

function depthOf(path: string, tables: readonly ConfigTable[]): number {
	return tables.filter((table) => path.startsWith(`${table.path}.`)).length;
}

function section({ path, description, keys }: ConfigTable, examples: ReadonlyMap<string, string>): string {
	const example = examples.get(path);
	if (example === undefined) throw new Error(`the table ${path} has no example in scripts/config-page/examples.ts`);
	const rows = keys.map(row).join("\n");
	return `## ${titleOf(path)}

${description}

| key | type | default | bounds | meaning |
| --- | --- | --- | --- | --- |
${rows}

\`\`\`toml
${example.trim()}
\`\`\``;
}

function row({ name, type, fallback, bounds, isRequired, description, table }: ConfigKey): string {
	const shown = fallback === undefined ? (isRequired ? "required" : "") : `\`${fallback}\``;
	const link = table === undefined ? "" : `[${titleOf(table)}](#${anchorOf(titleOf(table))})`;
	const meaning = [description, link === "" ? "" : `Keys: ${link}.`].filter((words) => words !== "").join(" ");
	return `| \`${name}\` | ${type} | ${shown} | ${cell(bounds)} | ${cell(meaning)} |`;
}

function cell(text: string): string {
	return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
