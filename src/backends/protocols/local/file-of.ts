import { SpearError } from "../../../errors/spear-error.ts";
import type { ModelFiles } from "./model-files.ts";

/**
 * Returns the absolute path of one file of a model.
 *
 * @throws SpearError with the remedy if the model or the file is missing.
 */
export async function fileOf(files: ModelFiles, model: string, name: string): Promise<string> {
	const path = (await files.filesOf(model)).get(name);
	if (path !== undefined) return path;
	throw new SpearError("internal", `the model ${model} has no file ${name}; pull it again: spear models pull ${model}`);
}
