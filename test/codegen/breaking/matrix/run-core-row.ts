/** Runs a row of the hostcalls of core modules. */
import { readFileSync } from "node:fs";
import { compareCoreSurfaces } from "../../../../codegen/breaking/core/compare-core.ts";
import { type CoreSurface, coreSurfaceOf } from "../../../../codegen/breaking/core/core-surface.ts";
import type { Finding } from "../../../../codegen/breaking/finding.ts";
import { buildCore } from "../../../../codegen/model/core/build-core.ts";
import { readWitText } from "../../../../codegen/wit/read.ts";
import { edited, type Row } from "./row.ts";

export interface CoreRowRun {
	readonly before: CoreSurface;
	readonly after: CoreSurface;
	readonly findings: readonly Finding[];
}

export function runCoreRow(row: Row): CoreRowRun {
	const text = readFileSync(new URL(`${row.base}.wit`, import.meta.url), "utf8");
	const [before, after] = [surfaceOfText(text, row), surfaceOfText(edited(text, row), row)];
	return { before, after, findings: compareCoreSurfaces(before, after) };
}

function surfaceOfText(text: string, row: Row): CoreSurface {
	const { model, diagnostics } = readWitText(text, { path: "lamps.wit" });
	const faults = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
	const abi = model === undefined ? undefined : buildCore(model, ({ message }) => faults.push(message));
	if (abi === undefined || faults.length > 0) throw new Error(`${row.item}, ${row.edit}: ${faults.join("; ")}`);
	return coreSurfaceOf(abi);
}
