import type { DiagnosticFormat } from "./diagnostics/formats.ts";
import { type Outcome, reportJson, reportText, type Streams } from "./report.ts";

/** Reports a run in one of the formats of findings. */
export async function reportRun(format: DiagnosticFormat, outcome: Outcome, streams: Streams): Promise<void> {
	if (format === "text") reportText(outcome, streams);
	else if (format === "json") reportJson(outcome, streams);
	else (await import("./report-findings.ts")).reportFindings(format, outcome, streams);
}
