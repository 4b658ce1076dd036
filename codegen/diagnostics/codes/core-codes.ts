/** Codes of the lint profile of `wit/spear-core/`: the hostcalls of core modules. */
import type { CodeEntry } from "./code-entry.ts";

export const CORE_CODES = {
	"missing-errno": {
		title: "No enum of errors",
		cause: "A call of a core module fails with a number of the enum `errno`.",
		help: "Declare the enum `errno`, each case with its `@number`.",
	},
	"missing-core-module": {
		title: "Interface without a module",
		cause: "A core module imports each function by the name of a module and a name.",
		help: "Tag the interface with `@core-module <name>`.",
	},
	"missing-core-import": {
		title: "Function without the name of an import",
		cause: "A core module imports each function by the name of a module and a name.",
		help: "Tag the function with `@core-import <name>`.",
	},
	"repeated-core-import": {
		title: "Import of two functions",
		cause: "A guest could not say which of the functions it calls.",
		help: "Give each function a name of its own, or make all of them a `@command` of one interface.",
	},
	"repeated-command": {
		title: "Command of two functions",
		cause: "The number of a command chooses the function.",
		help: "Give each command of an import a number of its own.",
	},
	"command-signature": {
		title: "Command with a signature that does not fit",
		cause: "The import of commands takes a descriptor, the command, and one place for an argument or an answer.",
		help: "Take a descriptor and at most one argument, and return `result<…, errno>`.",
	},
	"core-signature": {
		title: "Function with a signature that does not fit",
		cause: "A core function returns one number, which is the answer or an error. Larger answers need a place in the guest's memory.",
		help: "Return `result<…, errno>`, and take one parameter of the type tagged `@out-buffer` if the answer is no number.",
	},
	"core-type": {
		title: "Type that does not cross to core modules",
		cause: "Core modules pass numbers, texts, bytes, packed records and JSON.",
		help: "Use one of these, or a record.",
	},
	"packed-gap": {
		title: "Packed record with a gap",
		cause: "Each number lies at a multiple of its size, so bytes between two members would have no value.",
		help: "Order the members by size, or add one.",
	},
	"missing-number": {
		title: "Case or flag without a number",
		cause: "Guests pass numbers, and know no names.",
		help: "Tag it with `@number <n>`.",
	},
	"repeated-number": {
		title: "Number given twice",
		cause: "A number stands for one case, and each flag for bits of its own.",
		help: "Give each a number of its own.",
	},
	"unknown-errno": {
		title: "Error that does not exist",
		cause: "The tag names no case of the enum `errno`.",
		help: "Name one of its cases.",
	},
} as const satisfies Record<string, CodeEntry>;
