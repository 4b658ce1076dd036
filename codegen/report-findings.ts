/** The report of a run for continuous integration and editors: findings alone, in a format that these read. */
import { diagnostic } from "./diagnostics/diagnostic.ts";
import type { DiagnosticFormat } from "./diagnostics/formats.ts";
import { renderDiagnostics } from "./diagnostics/render.ts";
import { commandOf, failureLine, type Outcome, type Streams, summaryLine } from "./report.ts";
import { wholeFile } from "./write/findings.ts";

/** Findings go to stdout, files that are out of date among them; the summary and the reason of a failure go to stderr. */
export function reportFindings(format: DiagnosticFormat, outcome: Outcome, streams: Streams): void {
	const { result } = outcome;
	if (result === undefined) {
		streams.stderr(failureLine(outcome));
		return;
	}
	const drift = result.drift.map(({ path }) =>
		diagnostic("error", "generated-out-of-date", wholeFile(path), `\`${path}\` is not what the WIT gives`, {
			help: `run \`${commandOf(outcome)}\`, and commit what it writes`,
		}),
	);
	streams.stdout(renderDiagnostics(format, [...result.diagnostics, ...drift], result.sources));
	streams.stderr(`${summaryLine(outcome, result)}\n`);
}
