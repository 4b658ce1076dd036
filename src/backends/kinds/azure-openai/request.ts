import { guestName } from "../../../errors/guest-name.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { HttpRequest } from "../../../transport/http/options.ts";
import { bearerToken } from "../../kit/bearer-token.ts";
import { isObject } from "../../kit/json/guards.ts";
import type { AzureOptions } from "./options.ts";

/**
 * Returns the function that gives a request of OpenAI's API Azure's form. The path names the deployment and the version. A token of Microsoft
 * Entra ID takes the place of a key.
 *
 * @see https://learn.microsoft.com/azure/ai-foundry/openai/how-to/managed-identity
 */
export function azureRequests({
	deploymentsPath,
	apiVersion,
	tokenFile,
}: Pick<AzureOptions, "deploymentsPath" | "apiVersion" | "tokenFile">): (request: HttpRequest) => Promise<HttpRequest> {
	const query = apiVersion === undefined ? "" : `?api-version=${apiVersion}`;
	const withToken = bearerToken(tokenFile, "api-key");
	return async (request) => {
		// A list of models belongs to no deployment.
		const deployment = request.method === "GET" || deploymentsPath === undefined ? "" : `/deployments/${deploymentOf(request)}`;
		const prefix = (deploymentsPath ?? "") + deployment;
		const located = { ...request, path: prefix + request.path + query };
		return withToken === undefined ? located : withToken(located);
	};
}

/** Returns the deployment of a request, as a step of a path: the model in its body. */
function deploymentOf({ json, multipart = [] }: HttpRequest): string {
	const field = multipart.find(({ name }) => name === "model");
	const model = isObject(json) ? json.model : field !== undefined && "value" in field ? field.value : undefined;
	// Half a surrogate pair has no form in a URL.
	if (typeof model === "string" && model.isWellFormed() && !/^\.{0,2}$/.test(model)) return encodeURIComponent(model);
	throw new SpearError("invalid_request", `model: "${guestName(String(model))}" cannot be the name of a deployment`);
}
