import type { InstanceConfig } from "../../backend.ts";
import { readUpstream } from "../../kit/http/upstream-options.ts";
import { OptionReader } from "../../kit/option-reader.ts";
import { readChatOptions } from "../../protocols/anthropic/cchat/options.ts";
import { type AnthropicOptions, VERSIONS } from "../../protocols/anthropic/options.ts";

/** URL of Anthropic's own API. */
const BASE_URL = "https://api.anthropic.com";

/**
 * Reads the options of an instance. `base_url` may be absent, and may end with `/v1` or leave it out. The header of the key follows from
 * `anthropic_version`: `x-api-key` for 2023-06-01, `authorization` for later ones.
 *
 * @throws BackendConfigError that names the wrong or unknown member.
 */
export function readOptions(config: InstanceConfig): AnthropicOptions {
	const reader = new OptionReader(config.name, config.options);
	const version = reader.string("anthropic_version", VERSIONS) ?? VERSIONS[0];
	const authHeader = version === "2023-06-01" ? "x-api-key" : "authorization";
	const upstream = readUpstream(config, reader, { baseUrl: BASE_URL, endpoints: ["/messages"], authHeader });
	for (const name of Object.keys(config.headers ?? {})) {
		if (name.toLowerCase() === "anthropic-version")
			reader.memberFault(["headers", name], "is set by the host; use the option anthropic_version");
	}
	const options = { ...upstream, version, chat: readChatOptions(reader, config.name) };
	reader.finish();
	return options;
}
