/** Finds doc comments that document nothing: their text would be lost without a word. */
import type { DiagnosticCollector } from "../diagnostics/collector.ts";
import type { ParsedFile } from "./parse.ts";

export function checkDocs(file: ParsedFile, diagnostics: DiagnosticCollector): void {
	const attached = new Set<number>();
	collectDocs(file.tree, attached);
	let previousEnd = -1;
	for (const comment of file.comments) {
		if (!comment.doc || attached.has(comment.start)) {
			continue;
		}
		// A run of `///` lines is one comment to its writer.
		const continues = previousEnd >= 0 && file.source.text.slice(previousEnd, comment.start).trim() === "";
		previousEnd = comment.end;
		if (!continues) {
			diagnostics.warning("dangling-docs", file.source.span(comment), "this doc comment documents nothing", {
				help: "move it before an item, field, case or flag, or make it a plain `//` comment",
			});
		}
	}
}

/** Notes where each doc comment begins that the grammar gave to some node. */
function collectDocs(value: unknown, attached: Set<number>): void {
	if (Array.isArray(value)) {
		for (const each of value) {
			collectDocs(each, attached);
		}
	} else if (typeof value === "object" && value !== null) {
		for (const [key, each] of Object.entries(value)) {
			if (key === "docs" && Array.isArray(each)) {
				for (const docs of each) {
					attached.add(docs.start);
				}
			} else {
				collectDocs(each, attached);
			}
		}
	}
}
