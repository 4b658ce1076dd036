/** Targets for any package: what `spear-codegen` makes of WIT. Each is loaded when a run asks for it. */
import type { Model } from "../model/model.ts";

/** Writes the files of one target for one package. */
export type Target = (model: Model, output: Output) => void | Promise<void>;

/** The files of a run. */
export interface Output {
	/**
	 * Adds a file.
	 *
	 * @param path relative to the output directory, with `/` between its parts
	 * @throws Error for a path outside of the directory, and for one that was added before
	 */
	write(path: string, content: string | Uint8Array): void;
}

export interface TargetEntry {
	/** One line for people. */
	readonly description: string;
	load(): Promise<Target>;
}

export const GENERAL_TARGETS: { readonly [name: string]: TargetEntry } = {
	json: {
		description: "the resolved package as JSON, for programs",
		load: async () => (await import("./model-json/model-json.ts")).modelJson,
	},
};
