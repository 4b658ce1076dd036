/** The contract of a target for any package, and of an emitter of one's own. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
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

	/** Reports what the target cannot express, and where in the WIT that is. An error fails the run. */
	report(finding: Diagnostic): void;
}
