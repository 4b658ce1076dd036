/** Codes of what a target cannot express. */
import type { CodeEntry } from "./code-entry.ts";

export const TARGET_CODES = {
	"not-callable": {
		title: "Function that has types and cannot be called",
		cause:
			"The engine has no asynchronous functions, streams, futures, maps, lists of fixed length or error contexts. Generated code has the types of such a function, and nothing that carries its values.",
		help: "Nothing needs to be done for functions that no component uses. A component that uses one is refused by name when it is loaded.",
	},
	"no-json-form": {
		title: "Type that JSON cannot hold",
		cause:
			"The targets `schema` and `ir` describe values as JSON. Handles, streams, futures, error contexts and maps whose keys are no text have no form there.",
		help: "Nothing needs to be done, if values of the type are not sent as JSON.",
	},
	"several-versions": {
		title: "One interface in several versions",
		cause: "A world imports or exports two versions of an interface. A host offers each interface once.",
		help: "Depend on one version. A component that was built for an older compatible version is linked all the same.",
	},
} as const satisfies Record<string, CodeEntry>;
