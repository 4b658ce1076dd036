import type { BackendKind } from "../../backend.ts";
import { upstreamClient } from "../../kit/http/upstream-client.ts";
import { openAiBackend } from "../../protocols/openai/backend.ts";
import { openAiErrors } from "../../protocols/openai/errors.ts";
import { openAiModels } from "../../protocols/openai/models.ts";
import { readOptions } from "./options.ts";
import { azureRequests } from "./request.ts";

/**
 * Azure OpenAI: OpenAI's API, with the model as a deployment in the path or under `/openai/v1`.
 *
 * @see https://learn.microsoft.com/azure/ai-foundry/openai/reference
 */
export const azureOpenai: BackendKind = {
	name: "azure-openai",
	create(config, network) {
		const options = readOptions(config);
		const http = upstreamClient(options, openAiErrors, network, { prepare: azureRequests(options) });
		return {
			...openAiBackend(http, config, options),
			// The API lists the models of the region, not the deployments that requests name.
			probe: async (context) => {
				await openAiModels(http, options, context);
			},
		};
	},
};
