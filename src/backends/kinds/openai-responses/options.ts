import type { InstanceConfig } from "../../backend.ts";
import { readUpstream } from "../../kit/http/upstream-options.ts";
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
		...readUpstream(config, reader, { baseUrl: BASE_URL, endpoints: ENDPOINTS }),
		chat: readChatOptions(reader, config.name),
	};
	reader.finish();
	return options;
}
