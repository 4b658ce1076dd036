/** The language model of the tests: an engine and a file of weights from package registries, in a folder outside the repository. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ModelStore } from "../../src/model-store/model-store.ts";
import { chatEngineModule } from "../engine/chat-engine.ts";

/** Name of the model in the manifest of models. */
export const TEST_MODEL = "smollm2-135m-instruct";

/** File of weights of that model. */
const WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf";

/** Folder of the model. `SPEAR_TEST_MODEL` names another one. */
export function modelFolder(): string {
	return process.env.SPEAR_TEST_MODEL ?? join(homedir(), ".cache", "spear-hostcall-test-model");
}

/** Folder of the engine's packages. */
export function engineFolder(folder: string = modelFolder()): string {
	return join(folder, "engine");
}

/** Returns the store that has the weights, apart from the user's own models. */
export function testModelStore(folder: string = modelFolder()): ModelStore {
	return new ModelStore(join(folder, "models"));
}

/** An installed model. */
export interface TestModel {
	/** URL of the engine's module. */
	readonly engine: string;
	/** Path of the file of weights. */
	readonly weights: string;
}

/** Returns the model, or `undefined` if it is not installed whole. */
export async function installedModel(folder: string = modelFolder()): Promise<TestModel | undefined> {
	const engine = chatEngineModule(engineFolder(folder));
	const files = await testModelStore(folder)
		.filesOf(TEST_MODEL)
		.catch(() => undefined);
	const weights = files?.get(WEIGHTS);
	if (!existsSync(engine) || weights === undefined) return undefined;
	return { engine: pathToFileURL(engine).href, weights };
}
