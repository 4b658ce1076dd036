import { join } from "node:path";
import process from "node:process";
import type { ModelStore } from "../../src/model-store/model-store.ts";
import { ENGINES_VARIABLE, optionalPackage } from "../../src/packages/optional-package.ts";
import { installChatEngine } from "../engine/chat-engine.ts";
import { downloadEnvironment, obtainModels } from "./obtain-models.ts";

/** Name of the small language model. */
const MODEL = "smollm2-135m-instruct";

/** Name of the package that runs it. */
const ENGINE = "node-llama-cpp";

/** Makes the engines beside the models available to this process and its children, unless the user names others. */
export function useEngines(store: ModelStore): void {
	process.env[ENGINES_VARIABLE] ??= join(store.directory, "engines");
}

/** Returns true if the small language model and its engine are on this machine. */
export async function hasChatModel(store: ModelStore): Promise<boolean> {
	return optionalPackage(ENGINE) !== undefined && (await store.status(MODEL)).state === "whole";
}

/** Puts the small language model and its engine on this machine, unless they are there. Says why, if they cannot be had. */
export async function obtainChatModel(store: ModelStore, isOffline: boolean): Promise<void> {
	const models = [store.model(MODEL)];
	const missing = await obtainModels(store, models, "The parts store and its clerk", isOffline);
	if (missing.length > 0) return;
	if (optionalPackage(ENGINE) !== undefined) return;
	const folder = process.env[ENGINES_VARIABLE] ?? "";
	if (isOffline) {
		console.log(`The engine ${ENGINE} is not on this machine, and is not fetched offline.`);
		return;
	}
	console.log(`Installing the engine ${ENGINE} with the binaries of this machine alone, about 83 MB on disk, from npm into ${folder} …`);
	try {
		await installChatEngine(folder, downloadEnvironment());
	} catch (thrown) {
		console.log(`The engine could not be installed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
	}
}
