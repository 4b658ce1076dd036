import { DEFAULT_TIMEOUTS } from "../../../transport/http/options.ts";
import type { InstanceConfig } from "../../backend.ts";
import { readEndpoint } from "../../kit/endpoint-options.ts";
import { OptionReader } from "../../kit/option-reader.ts";
import { ENDPOINTS } from "../../protocols/openai/endpoints.ts";
import { readChatOptions } from "../../protocols/openai-responses/cchat/options.ts";
import type { ResponsesOptions } from "../../protocols/openai-responses/options.ts";

/** URL of OpenAI's own API. */
const BASE_URL = "https://api.openai.com/v1";

/**
 * Reads the options of an instance. `base_url` may be absent.
 *
 * @throws BackendConfigError that names the wrong or unknown member.
 */
export function readOptions(config: InstanceConfig): ResponsesOptions {
	const reader = new OptionReader(config.name, config.options);
	const options: ResponsesOptions = {
		...readEndpoint({ ...config, base_url: config.base_url ?? BASE_URL }, reader, { defaults: DEFAULT_TIMEOUTS, endpoints: ENDPOINTS }),
		allowProviderOptions: reader.namesOrAll("allow_provider_options") ?? [],
		chat: readChatOptions(reader, config.name),
	};
	reader.finish();
	return options;
}
