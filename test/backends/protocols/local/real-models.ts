import process from "node:process";
import { ModelStore } from "../../../../src/model-store/model-store.ts";

// A test file with real models has a process of its own. Every other one finds an empty store.
if (process.env.SPEAR_TEST_MODELS !== undefined) process.env.SPEAR_MODELS = process.env.SPEAR_TEST_MODELS;

/**
 * Returns true if a model is installed. Otherwise prints a line that names the command.
 *
 * The directory is `SPEAR_TEST_MODELS`. The default is that of the store: `SPEAR_MODELS`, or the user's cache.
 */
export async function isInstalled(model: string): Promise<boolean> {
	const { state } = await new ModelStore().status(model);
	if (state === "whole") return true;
	console.log(`SKIP real model: ${model} is not installed; \`npm run spear -- models pull ${model}\` installs it`);
	return false;
}
