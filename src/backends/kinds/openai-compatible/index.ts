import type { BackendKind } from "../../backend.ts";
import { upstreamClient } from "../../kit/http/upstream-client.ts";
import { openAiBackend } from "../../protocols/openai/backend.ts";
import { openAiErrors } from "../../protocols/openai/errors.ts";
import { openAiModels } from "../../protocols/openai/models.ts";
import { readOptions } from "../../protocols/openai/options.ts";
import { operationsByName } from "./operations-by-name.ts";
import { PRESETS } from "./presets/index.ts";

/** OpenAI's API, and compatible servers. */
export const openaiCompatible: BackendKind = {
	name: "openai-compatible",
	operationsOf: operationsByName,
	create(config, network) {
		const options = readOptions(config, PRESETS);
		const http = upstreamClient(options, openAiErrors, network);
		return { ...openAiBackend(http, config, options), listModels: (context) => openAiModels(http, options, context) };
	},
};
