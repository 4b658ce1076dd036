import { cpus } from "node:os";
import process from "node:process";
import type { MeteringMode } from "../../src/abi/metering/metering-mode.ts";
import type { MeteredGuest } from "./metered-guest.ts";
import type { Workload } from "./workloads.ts";

/** Result of one workload in one mode. */
export interface MeteringRow {
	readonly workload: Workload;
	readonly mode: MeteringMode;
	/** CPU time of a run in the mean, in milliseconds. */
	readonly meanMs: number;
	/** Quotient of the means. */
	readonly ratio: number;
	/** Median of the quotients within one round. */
	readonly medianRatio: number;
}

/** Conditions of a measurement. */
export interface MeteringConditions {
	readonly rounds: number;
	/** Average number of processes that wanted a processor in the last minute. */
	readonly load: number;
}

/** Returns the measurement as Markdown: a table with a row for each workload, and the conditions. */
export function meteringPage(
	rows: readonly MeteringRow[],
	guests: ReadonlyMap<MeteringMode, MeteredGuest>,
	{ rounds, load }: MeteringConditions,
): string {
	const find = (workload: Workload, mode: MeteringMode): MeteringRow | undefined =>
		rows.find((row) => row.workload === workload && row.mode === mode);
	const ratios = (row: MeteringRow | undefined): string =>
		row === undefined ? "– | –" : `${row.ratio.toFixed(2)} | ${row.medianRatio.toFixed(2)}`;
	const workloads = [...new Set(rows.map(({ workload }) => workload))];
	const table = workloads.map((workload) => {
		const off = find(workload, "off")?.meanMs.toFixed(1) ?? "–";
		return `| \`${workload}\` | ${off} ms | ${ratios(find(workload, "loops"))} | ${ratios(find(workload, "full"))} |`;
	});
	const sizes = [...guests]
		.filter(([mode]) => mode !== "off")
		.map(([mode, { bytes }]) => `${(bytes.metered / bytes.original).toFixed(3)} times with \`${mode}\``);
	return [
		"| workload | `off`, mean | `loops`, mean | `loops`, median | `full`, mean | `full`, median |",
		"| --- | --- | --- | --- | --- | --- |",
		...table,
		"",
		`Core modules grow to ${sizes.join(" and ")}. ${rounds} rounds in turns, Node ${process.versions.node}, ${cpus().length} processors,`,
		`load of the machine at the end ${load.toFixed(1)}.`,
	].join("\n");
}
