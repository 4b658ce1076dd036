/**
 * `npm run matrix:breaking`: one-line edits of WIT, with the verdict on each, as a document.
 *
 *     npm run matrix:breaking                print the document
 *     npm run matrix:breaking -- --write     update codegen/breaking/MATRIX.md
 *     npm run matrix:breaking -- --check     exit 1 if that file differs
 */
import "./require-node.ts";
import { resolve } from "node:path";
import process from "node:process";
import type { Finding } from "../codegen/breaking/finding.ts";
import { PARTIES, type Party } from "../codegen/breaking/rule.ts";
import { largest } from "../codegen/breaking/rules.ts";
import { judgeByKeys } from "../test/codegen/breaking/matrix/judge-keys.ts";
import { isJudgedOfficially } from "../test/codegen/breaking/matrix/judge-official.ts";
import type { Row } from "../test/codegen/breaking/matrix/row.ts";
import { ROWS } from "../test/codegen/breaking/matrix/rows.ts";
import { CORE_ROWS } from "../test/codegen/breaking/matrix/rows-core.ts";
import { runCoreRow } from "../test/codegen/breaking/matrix/run-core-row.ts";
import { runRow } from "../test/codegen/breaking/matrix/run-row.ts";
import { runMadeFile } from "./made-file.ts";

/** The document in the repository. */
export const MATRIX_FILE = resolve(import.meta.dirname, "../codegen/breaking/MATRIX.md");

const VERDICTS = { major: "**break**", minor: "addition", patch: "none" } as const;
const BUMPS = { major: "major (0.x: minor)", minor: "minor (0.x: patch)", patch: "patch" } as const;
const SHORT: { readonly [party in Party]: string } = {
	"built-guest": "guest built",
	"running-guest": "guest running",
	"composed-guest": "guest composed",
	"guest-source": "guest source",
	"host-source": "host source",
	"stored-value": "stored value",
	"older-host": "older host",
};

/** Returns the document. */
export function breakingMatrix(): string {
	return `${[...introduction(), ...sections(ROWS, componentLine), ...sections(CORE_ROWS, coreLine)].join("\n")}\n`;
}

function sections(rows: readonly Row[], lineOf: (row: Row) => string): string[] {
	const items = [...new Set(rows.map(({ item }) => item))];
	return items.flatMap((item) => [
		"",
		`## ${item[0]?.toUpperCase()}${item.slice(1)}`,
		"",
		"| edit | line before | lines after | verdict | rules | breaks | smallest step | judged by |",
		"| --- | --- | --- | --- | --- | --- | --- | --- |",
		...rows.filter((row) => row.item === item).map(lineOf),
	]);
}

function introduction(): string[] {
	return [
		"# One-line edits, and what they break",
		"",
		"Made by `npm run matrix:breaking -- --write`. Each row is an edit of",
		"`shop.wit`, `ranking.wit` or `lamps.wit` in `test/codegen/breaking/matrix/`, and each row is a test.",
		"[`README.md`](README.md) explains the verdicts and the parties.",
		"",
		"`keys`: the type keys of this project's engine confirm whether a guest built before still links.",
		"`official`: the validator of the component model confirms whether a composed guest still links.",
		"Other columns follow from the rules.",
	];
}

function componentLine(row: Row): string {
	const run = runRow(row);
	const judges = [
		...(judgeByKeys(run.before, run.after) === "not judged" ? [] : ["keys"]),
		...(isJudgedOfficially(run) ? ["official"] : []),
	];
	return line(row, run.findings, judges);
}

function coreLine(row: Row): string {
	return line(row, runCoreRow(row).findings, []);
}

function line(row: Row, findings: readonly Finding[], judges: readonly string[]): string {
	const bump = largest(findings.map((finding) => finding.bump));
	const rules = [...new Set(findings.map(({ rule }) => `\`${rule}\``))];
	const parties = PARTIES.filter((party) => findings.some((finding) => finding.breaks.includes(party)));
	const cells = [
		row.edit,
		code(row.from),
		row.to === "" ? "(removed)" : row.to.split("\n").map(code).join("<br>"),
		VERDICTS[bump],
		rules.join(", "),
		parties.map((party) => SHORT[party]).join(", "),
		BUMPS[bump],
		judges.join(", "),
	];
	return `| ${cells.map((cell) => (cell === "" ? "—" : cell)).join(" | ")} |`;
}

function code(text: string): string {
	const escaped = text.replaceAll("|", "\\|");
	return escaped.includes("`") ? `\`\` ${escaped} \`\`` : `\`${escaped}\``;
}

if (import.meta.main) {
	const made = {
		command: "npm run matrix:breaking",
		file: MATRIX_FILE,
		make: breakingMatrix,
		prints: true,
		differs: "codegen/breaking/MATRIX.md differs from its rows; run `npm run matrix:breaking -- --write` and review it",
	};
	process.exitCode = await runMadeFile(made, process.argv.slice(2));
}
