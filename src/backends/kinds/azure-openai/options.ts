import type { InstanceConfig } from "../../backend.ts";
import { readTokenFile } from "../../kit/bearer-token.ts";
import { readUpstream } from "../../kit/http/upstream-options.ts";
import { OptionReader } from "../../kit/option-reader.ts";
import { ENDPOINTS } from "../../protocols/openai/endpoints.ts";
import { type OpenAiOptions, readOperationOptions } from "../../protocols/openai/options.ts";

/** Version of the API under deployments. The newest that is not a preview. */
const API_VERSION = "2024-10-21";

/** Options of an Azure OpenAI resource. */
export interface AzureOptions extends OpenAiOptions {
	/** Path before `/deployments/<model>`, below that of the URL. Absent: the model is in the body alone, as under `/openai/v1`. */
	readonly deploymentsPath: string | undefined;
	/** Value of `api-version`. Absent: no request names a version. */
	readonly apiVersion: string | undefined;
	/** Path of the file with the token of Microsoft Entra ID. Absent: requests carry a key. */
	readonly tokenFile: string | undefined;
}

/**
 * Reads the options of an instance. A `base_url` that ends in `/openai/v1` selects the form without deployments. Any other is the endpoint
 * of a resource, with or without `/openai`.
 *
 * @throws BackendConfigError that names the missing, wrong or unknown member.
 */
export function readOptions(config: InstanceConfig): AzureOptions {
	const reader = new OptionReader(config.name, config.options);
	const [endpoint = "", deployment] = config.base_url?.split(/(?:\/openai)?\/deployments\//, 2) ?? [];
	const base_url = deployment === undefined ? config.base_url : endpoint;
	if (deployment !== undefined)
		reader.memberFault(["base_url"], `names a deployment, which is the model of a request; write "${endpoint}"`);
	const read = readUpstream(base_url === undefined ? config : { ...config, base_url }, reader, {
		endpoints: ENDPOINTS,
		authHeader: "api-key",
		missingUrl: 'is missing; it must be the endpoint of the resource, e.g. "https://example.openai.azure.com"',
	});
	const path = read.baseUrl.pathname.replace(/\/{1,9}$/, "");
	const isUnversioned = path.endsWith("/openai/v1");
	const apiVersion = reader.string("api_version") ?? (isUnversioned ? undefined : API_VERSION);
	if (apiVersion !== undefined && !/^[\w.-]{1,40}$/.test(apiVersion))
		reader.fault("api_version", `must be a version such as ${API_VERSION}`);
	const tokenFile = readTokenFile(reader);
	const options: AzureOptions = {
		...read,
		...readOperationOptions(reader, config.name, { dialect: "openai" }),
		deploymentsPath: isUnversioned ? undefined : path.endsWith("/openai") ? "" : "/openai",
		apiVersion,
		tokenFile,
	};
	reader.finish();
	return options;
}
