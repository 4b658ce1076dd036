import { cancelledError } from "../../../errors/spear-error.ts";
import { BackendConfigError, type BackendKind } from "../../backend.ts";
import type { PackageSource } from "../../kit/optional-package.ts";
import { CHAT_CAPABILITIES, llamaChat } from "../../protocols/llama-cpp/cchat/backend.ts";
import { EMBEDDINGS_CAPABILITIES, llamaEmbeddings } from "../../protocols/llama-cpp/emb/backend.ts";
import { Engine } from "../../protocols/llama-cpp/engine.ts";
import { INSTALLED_LIBRARY, missingLibrary } from "../../protocols/llama-cpp/load-library.ts";
import { readOptions } from "./options.ts";
import { pulledChecks, pulledModel } from "./pulled-model.ts";

/** Models in files of the operator's, evaluated in this process by llama.cpp. The package `node-llama-cpp` is optional. */
export const llamaCpp: BackendKind = llamaCppKind(INSTALLED_LIBRARY);

/** Returns the kind with another source of the package. */
export function llamaCppKind(source: PackageSource): BackendKind {
	return {
		name: "llama-cpp",
		async embedded() {
			const model = source.isInstalled() ? await pulledModel() : undefined;
			return model && { operations: ["chat_completions"], options: { model_paths: { [model.name]: model.path } } };
		},
		create(config) {
			const options = readOptions(config);
			if (!source.isInstalled()) {
				const message = missingLibrary();
				throw new BackendConfigError(config.name, `kind ${message}`, [{ path: ["kind"], message }]);
			}
			const names = [...options.files.keys()];
			const served = config.models.length === 0 ? { ...config, models: names } : config;
			const engine = new Engine(options, source, pulledChecks);
			return {
				operations: {
					chat_completions: llamaChat(engine, served),
					embeddings: llamaEmbeddings(engine, served),
					image_generation: undefined,
					speech_to_text: undefined,
					text_to_speech: undefined,
					realtime_voice: undefined,
				},
				capabilities: {
					chat_completions: { ...CHAT_CAPABILITIES, models: names },
					embeddings: { ...EMBEDDINGS_CAPABILITIES, models: names },
				},
				probe: ({ signal }) => engine.checkFiles(signal),
				residentModels: () => engine.loaded,
				close: () => engine.close(cancelledError("the backend was shut down while it served this call")),
			};
		},
	};
}
