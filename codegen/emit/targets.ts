/** Targets for any package: what `spear-codegen` makes of WIT. Each is loaded when a run asks for it. */
import type { Target } from "./target.ts";

export interface TargetEntry {
	/** Line for people. */
	readonly description: string;
	load(): Promise<Target>;
}

export const GENERAL_TARGETS: { readonly [name: string]: TargetEntry } = {
	docs: {
		description: "a reference for people: Markdown pages, and one HTML page with a search",
		load: async () => (await import("./docs/index.ts")).docs,
	},
	"host-ts": {
		description: "bindings for hosts in TypeScript: types of every world, and the code that runs its components",
		load: async () => (await import("./host-ts/index.ts")).hostTs,
	},
	"guest-ts": {
		description: "typings for guests in TypeScript: what every world imports, and what a guest exports",
		load: async () => (await import("./guest-ts/index.ts")).guestTs,
	},
	ir: {
		description: "types of the values that JSON can hold, as JSON holds them, and functions that validate them",
		load: async () => (await import("./ir/general.ts")).generalIr,
	},
	schema: {
		description: "JSON Schemas of the types that JSON can hold, one an interface",
		load: async () => (await import("./schema/general.ts")).generalSchema,
	},
	json: {
		description: "the resolved package as JSON, for programs",
		load: async () => (await import("./model-json/model-json.ts")).modelJson,
	},
};
