import type { CheckedFile } from "../../kit/engine/checked-file.ts";

/** Source of the files of models. The model store is one; a test has another. */
export interface ModelFiles {
	/**
	 * Returns the absolute paths of a model's files, by the name of the file.
	 *
	 * @throws SpearError with the remedy if the model is missing or incomplete.
	 */
	filesOf(name: string): Promise<ReadonlyMap<string, string>>;
	/** Returns a model's files with the digests of their content. Absent: the content is not checked. */
	checksOf?(name: string): readonly CheckedFile[];
	/** Returns the memory of the loaded model, in bytes. Absent, or `undefined`: unknown. */
	memoryOf?(name: string): number | undefined;
}
