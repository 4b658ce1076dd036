/** Conflicts of the writer as diagnostics: what is in the way, and the ways out of it. */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../model/model.ts";
import type { Conflict } from "./plan.ts";

/** @param label how the path of a generated file is shown, e.g. `generated/ir/cchat.ts` */
export function conflictFinding(conflict: Conflict, label: (path: string) => string): Diagnostic {
	const name = label(conflict.path);
	switch (conflict.kind) {
		case "edited":
			return diagnostic(
				"error",
				"generated-file-edited",
				wholeFile(name),
				`\`${name}\` was changed by hand or by a merge since it was generated, so nothing is overwritten`,
				{
					help: `generated files are never the place for a change: restore it (\`git checkout -- ${name}\`), or run with \`--force\`, which keeps the changed file as \`${name}.edited\``,
				},
			);
		case "foreign":
			return diagnostic(
				"error",
				"generated-path-taken",
				wholeFile(name),
				`\`${name}\` is to be generated, but a file that codegen did not write is there`,
				{ help: `move it away, or run with \`--force\`, which keeps it as \`${name}.edited\`` },
			);
		case "not-a-file":
			return diagnostic(
				"error",
				"generated-path-blocked",
				wholeFile(name),
				`\`${name}\` is to be generated, but ${conflict.found ?? "something else is there"}`,
				{ help: "move it away; codegen follows no links and removes nothing but its own files" },
			);
	}
}

/** @param fault finishes the sentence "the manifest …" */
export function manifestFinding(name: string, fault: string): Diagnostic {
	return diagnostic("error", "invalid-manifest", wholeFile(name), `\`${name}\` ${fault}, so codegen cannot tell its files from yours`, {
		help: `restore it (\`git checkout -- ${name}\`), or run with \`--force\`, which keeps every file that differs as \`<file>.edited\``,
	});
}

/** The place of a finding about several files as a whole: the beginning of the first. */
export function beginningOf(files: ReadonlyMap<string, string>): Span {
	const [first = ""] = files.keys();
	return wholeFile(first);
}

/** The place of a finding about a file as a whole. */
export function wholeFile(file: string): Span {
	return { file, line: 1, column: 1, offset: 0, endLine: 1, endColumn: 1, endOffset: 0 };
}
