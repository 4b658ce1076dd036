/** Codes of findings in what surrounds the WIT: configuration, generated files, and the lock of the ABI. */
import type { CodeEntry } from "./code-entry.ts";

export const RUN_CODES = {
	"too-many-findings": {
		title: "More findings than are shown",
		cause: "A run shows 1,000 errors and 1,000 warnings. The message has the number of the others.",
		help: "Mend those that are shown. One fault may cause many, for example an interface that is missing.",
	},
	"invalid-config": {
		title: "Invalid configuration",
		cause: "The configuration file is not JSON of the form that its schema describes.",
		help: "The message names the member and what it takes.",
	},
	"invalid-manifest": {
		title: "Unreadable manifest",
		cause: "`manifest.json` lists the generated files. Without it, they cannot be told from others.",
		help: "Restore it from version control, or run with `--force`, which keeps copies of what differs.",
	},
	"generated-file-edited": {
		title: "Generated file was changed",
		cause: "The file differs from what was generated, by hand or by a merge.",
		help: "Restore it, or run with `--force`, which keeps the changed file beside it.",
	},
	"generated-path-taken": {
		title: "Another file in the place of a generated one",
		cause: "The file was not generated, so it is not overwritten.",
		help: "Move it away, or run with `--force`, which keeps it under another name.",
	},
	"generated-path-blocked": {
		title: "Directory or link in the place of a generated file",
		cause: "No link is followed, and nothing but generated files is removed.",
		help: "Move it away.",
	},
	"generated-out-of-date": {
		title: "Generated file is out of date",
		cause: "The WIT or the generator has changed since the file was generated.",
		help: "Run `npm run codegen`, and commit what it writes.",
	},
	"write-interrupted": {
		title: "Half-written output",
		cause: "An earlier run was interrupted while it wrote.",
		help: "Run again without `--check`, which completes it.",
	},
	"invalid-abi-lock": {
		title: "Unreadable lock of the ABI",
		cause: "The lock records what guests were promised. It is not in the form that this version reads.",
		help: "Restore it from version control, or begin a new one with `--accept-breaking`.",
	},
	"missing-abi-lock": {
		title: "Lock of the ABI is missing",
		cause: "Code was generated before, so guests may have been built; without the lock a change that breaks them would go unseen.",
		help: "Restore it from version control, or begin a new one with `--accept-breaking`.",
	},
	"refused-by-official-encoder": {
		title: "Official encoder refuses the package",
		cause: "Guests are built with the official tools, and these cannot encode the generated WIT.",
		help: "The message is that of the official encoder. Please report the package: this generator should have found the fault.",
	},
} as const satisfies Record<string, CodeEntry>;
