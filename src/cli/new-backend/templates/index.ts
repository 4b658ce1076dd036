import type { Names } from "../names.ts";

/** Text of `index.ts`: the kind. */
export function indexTemplate({ kind, constant, operations }: Names): string {
	const chat = operations.includes("chat_completions");
	const emb = operations.includes("embeddings");
	return `import { authHeaders, defineBackend, HttpClient } from "spear-hostcall/backend";
${chat ? 'import { CHAT_RULES, chat } from "./chat.ts";\n' : ""}${emb ? 'import { EMBEDDINGS_RULES, embeddings } from "./embeddings.ts";\n' : ""}import { errors } from "./errors.ts";
import { readOptions } from "./options.ts";

/** The backend kind \`${kind}\`. */
export const ${constant} = defineBackend({
	name: "${kind}",
	create(config, network) {
		const options = readOptions(config);
		const http = new HttpClient({
			baseUrl: options.baseUrl,
			headers: options.headers,
			timeouts: options.timeouts,
			...(network === undefined ? {} : { network }),
			onStatus: errors.onStatus,
		});
		return {
			operations: {
${chat ? "\t\t\t\tchat_completions: { features: [], rules: CHAT_RULES, ...chat(http, config, options) },\n" : ""}${emb ? "\t\t\t\tembeddings: { features: [], rules: EMBEDDINGS_RULES, ...embeddings(http, config, options) },\n" : ""}\t\t\t},
			// The cheapest request that needs URL and key, for \`spear backends --check\`. \`listModels\` in its place lists the upstream's models.
			async probe({ signal, apiKey }) {
				await http.requestJson({ method: "GET", path: "/models", headers: authHeaders(options, apiKey), secret: apiKey, signal });
			},
			close: () => http.close(),
		};
	},
});

export default ${constant};
`;
}

/** Text of `options.ts`. */
export function optionsTemplate({ operations }: Names): string {
	const endpoints = [
		...(operations.includes("chat_completions") ? ["/chat"] : []),
		...(operations.includes("embeddings") ? ["/embed"] : []),
	];
	return `import { DEFAULT_TIMEOUTS, type EndpointOptions, type InstanceConfig, OptionReader, readEndpoint } from "spear-hostcall/backend";

/** Options of an instance, from \`[backends.<name>.options]\`. */
export interface Options extends EndpointOptions {
	/** Largest answer in tokens, if a request sets none. */
	readonly defaultMaxTokens: number;
}

/** @throws BackendConfigError that names the wrong or unknown option. */
export function readOptions(config: InstanceConfig): Options {
	const reader = new OptionReader(config.name, config.options);
	const options: Options = {
		// Reads base_url, headers, and the options auth_header and timeouts.
		...readEndpoint(config, reader, { defaults: DEFAULT_TIMEOUTS, endpoints: ${JSON.stringify(endpoints).replaceAll(",", ", ")} }),
		defaultMaxTokens: reader.integer("default_max_tokens", { min: 1, max: 1_000_000 }) ?? 1024,
	};
	reader.finish();
	return options;
}
`;
}

/** Text of `errors.ts`. */
export function errorsTemplate(): string {
	return `import { isObject, VendorErrors } from "spear-hostcall/backend";

/** The upstream's errors: \`{"error": {"type": "…", "message": "…"}}\`. The first row that applies counts. Without one, the HTTP status decides. */
export const errors = new VendorErrors({
	rows: [
		{ mark: "quota_exceeded", means: "quota" },
		{ mark: "overloaded", means: "overloaded" },
	],
	// The part of an answer or an event that reports an error.
	reported: (value) => (isObject(value) && isObject(value.error) ? value.error : undefined),
	read: (value) => (isObject(value) && typeof value.type === "string" ? { marks: [value.type] } : undefined),
});
`;
}
