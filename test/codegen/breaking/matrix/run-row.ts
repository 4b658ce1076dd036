/** Runs one row: reads both packages, and compares them. */
import { readFileSync } from "node:fs";
import { compare } from "../../../../codegen/breaking/compare.ts";
import type { Finding } from "../../../../codegen/breaking/finding.ts";
import type { Model } from "../../../../codegen/model/model.ts";
import { readWitText } from "../../../../codegen/wit/read.ts";
import { edited, type Row } from "./row.ts";

export interface RowRun {
	readonly textBefore: string;
	readonly textAfter: string;
	readonly before: Model;
	readonly after: Model;
	readonly findings: readonly Finding[];
}

const bases = new Map<Row["base"], { readonly textBefore: string; readonly before: Model }>();

export function runRow(row: Row): RowRun {
	const { textBefore, before } = bases.get(row.base) ?? readBase(row);
	bases.set(row.base, { textBefore, before });
	const textAfter = edited(textBefore, row);
	const after = modelOf(textAfter, row);
	return { textBefore, textAfter, before, after, findings: compare(before, after) };
}

function readBase(row: Row): { readonly textBefore: string; readonly before: Model } {
	const textBefore = readFileSync(new URL(`${row.base}.wit`, import.meta.url), "utf8");
	return { textBefore, before: modelOf(textBefore, row) };
}

function modelOf(text: string, row: Row): Model {
	const { model, diagnostics } = readWitText(text, { path: `${row.base}.wit` });
	const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
	if (model === undefined) throw new Error(`${row.item}, ${row.edit}: the package is no valid WIT: ${errors.join("; ")}`);
	return model;
}
