/** The report of a run: findings and one line of summary for people, one JSON object for programs. */
import { capDiffs } from "./cap-diffs.ts";
import { renderText, summary } from "./diagnostics/render-text.ts";
import { counted } from "./diagnostics/words.ts";
import type { Extended } from "./extend.ts";
import type { CodegenResult } from "./run.ts";

export interface Outcome {
	readonly exitCode: number;
	readonly mode: "write" | "check";
	/** The generated tree as people call it, e.g. `generated/`. */
	readonly out: string;
	readonly durationMs: number;
	/** Absent when the run failed. */
	readonly result?: CodegenResult;
	/** The command that generates, as people type it. `npm run codegen` when absent. */
	readonly command?: string;
	/** The reason of a failure. */
	readonly failure?: string;
	/** Additions to hand-written code. */
	readonly extended?: readonly Extended[];
}

export interface Streams {
	readonly stdout: (text: string) => void;
	readonly stderr: (text: string) => void;
	readonly color: boolean;
}

/** Lines of diff printed; the rest is counted. */
const MAX_DIFF_LINES = 400;

/** The diff and the good news go to stdout, faults to stderr. */
export function reportText(outcome: Outcome, streams: Streams): void {
	const { result } = outcome;
	if (result === undefined) {
		streams.stderr(failureLine(outcome));
		return;
	}
	if (result.diagnostics.length > 0) streams.stderr(`${renderText(result.diagnostics, result.sources, { color: streams.color })}\n`);
	if (result.drift.length > 0) {
		const { text, omittedLines, omittedFiles } = capDiffs(result.drift, MAX_DIFF_LINES);
		streams.stdout(text);
		if (omittedLines > 0) {
			const files = omittedFiles > 0 ? `, ${counted(omittedFiles, "file")} left out whole` : "";
			streams.stdout(
				`... the diff goes on for ${counted(omittedLines, "line")}${files}; \`${commandOf(outcome)}\` writes it out for \`git diff\`\n`,
			);
		}
	}
	for (const copy of result.written.kept) streams.stderr(`kept the changed file as ${copy}\n`);
	for (const { created, left, inserted } of outcome.extended ?? []) {
		for (const file of created) streams.stdout(`wrote ${file}\n`);
		for (const file of left) streams.stdout(`left ${file} as it is\n`);
		for (const { file, owner, member } of inserted) streams.stdout(`added ${owner}.${member} to ${file}\n`);
	}
	(outcome.exitCode === 0 ? streams.stdout : streams.stderr)(`${summaryLine(outcome, result)}\n`);
}

export function reportJson(outcome: Outcome, streams: Streams): void {
	const { result } = outcome;
	const document = {
		exitCode: outcome.exitCode,
		mode: outcome.mode,
		summary: result === undefined ? (outcome.failure ?? "failed") : summaryLine(outcome, result),
		durationMs: Math.round(outcome.durationMs),
		files: result?.files ?? 0,
		diagnostics: result?.diagnostics ?? [],
		drift: result?.drift.map((each) => cappedDrift(each)) ?? [],
		written: result?.written ?? { created: [], updated: [], deleted: [], kept: [] },
		extended: outcome.extended ?? [],
		...(outcome.failure === undefined ? {} : { failure: outcome.failure }),
	};
	streams.stdout(`${JSON.stringify(document, null, "\t")}\n`);
}

function cappedDrift(each: CodegenResult["drift"][number]): object {
	const { text, omittedLines } = capDiffs([each], MAX_DIFF_LINES);
	return { ...each, diff: text, ...(omittedLines > 0 ? { omittedLines } : {}) };
}

/** Summary of a run, on a single line. */
export function summaryLine(outcome: Outcome, result: CodegenResult): string {
	const time = `(${(outcome.durationMs / 1000).toFixed(1)} s)`;
	const { created, updated, deleted } = result.written;
	const errors = result.diagnostics.filter((each) => each.severity === "error");
	if (errors.length > 0) return `${summary(result.diagnostics)}; nothing was written ${time}`;
	if (result.drift.length > 0) {
		return `${outcome.out} is out of date: ${counted(result.drift.length, "file")} would change; run \`${commandOf(outcome)}\` ${time}`;
	}
	const changes = [
		...(created.length > 0 ? [`${created.length} created`] : []),
		...(updated.length > 0 ? [`${updated.length} updated`] : []),
		...(deleted.length > 0 ? [`${deleted.length} deleted`] : []),
	];
	if (changes.length === 0) return `${outcome.out} is current: ${counted(result.files, "file")} ${time}`;
	return `${outcome.out} is written: ${counted(result.files, "file")}, ${changes.join(", ")} ${time}`;
}

/** The line about a run that failed. */
export function failureLine({ command = "codegen", failure = "failed" }: Outcome): string {
	return `${command}: ${failure}\n`;
}

/** The command that generates, as people type it. */
export function commandOf({ command = "npm run codegen" }: Outcome): string {
	return command;
}
