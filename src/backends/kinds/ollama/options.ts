import type { InstanceConfig } from "../../backend.ts";
import { readUpstream } from "../../kit/http/upstream-options.ts";
import { OptionReader } from "../../kit/option-reader.ts";
import { type OllamaOptions, readOllamaOptions } from "../../protocols/ollama/options.ts";

/** URL of a local server. */
const BASE_URL = "http://127.0.0.1:11434";

/**
 * Reads the options of an instance. `base_url` may be absent. A URL that ends with `/api`, or with `/v1` as for the server's other API, is
 * used without that end.
 *
 * @throws BackendConfigError that names the wrong or unknown member.
 */
export function readOptions(config: InstanceConfig): OllamaOptions {
	const reader = new OptionReader(config.name, config.options);
	const upstream = readUpstream(config, reader, { baseUrl: BASE_URL, endpoints: ["/api/chat", "/api/embed"] });
	const baseUrl = new URL(upstream.baseUrl);
	baseUrl.pathname = baseUrl.pathname.replace(/\/(?:api|v1)\/{0,9}$/, "/");
	const options = { ...upstream, baseUrl, ...readOllamaOptions(reader, config.name) };
	reader.finish();
	return options;
}
