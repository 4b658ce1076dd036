import { ModelStore } from "../../../../src/model-store/model-store.ts";

/**
 * Returns true if a model is installed. Otherwise prints a line that names the command.
 *
 * The directory is that of the store: `SPEAR_MODELS`, or the user's cache.
 */
export async function isInstalled(model: string): Promise<boolean> {
	const { state } = await new ModelStore().status(model);
	if (state === "whole") return true;
	console.log(`SKIP real model: ${model} is not installed; \`npm run spear -- models pull ${model}\` installs it`);
	return false;
}
