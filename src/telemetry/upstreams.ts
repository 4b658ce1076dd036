/** An upstream as telemetry names it. */
export interface UpstreamName {
	/** Name of the backend. */
	readonly backend: string;
	/** Provider by the conventions, or the kind of a backend that they do not know. */
	readonly provider: string;
	/** Host name or address. `undefined` for a backend without a configured URL. */
	readonly address: string | undefined;
	/** `undefined` without an address. */
	readonly port: number | undefined;
}

/** Part of the configuration of a backend. */
export interface NamedUpstream {
	readonly name: string;
	/** Name of the kind. */
	readonly kind: string;
	/** Absent for a backend without a URL. */
	readonly baseUrl?: string | undefined;
}

/** Providers by the kind that speaks their protocol. The conventions ask for the provider whose format the telemetry has. */
const PROVIDER_OF_KIND: ReadonlyMap<string, string> = new Map([
	["anthropic", "anthropic"],
	["azure-openai", "azure.ai.openai"],
	["bedrock-converse", "aws.bedrock"],
	["gemini", "gcp.gemini"],
	["openai-compatible", "openai"],
	["openai-realtime", "openai"],
	["openai-responses", "openai"],
]);

/** Providers whose protocol is that of another. A domain includes its subdomains. */
const PROVIDER_OF_DOMAIN: readonly (readonly [domain: string, provider: string])[] = [
	["aiplatform.googleapis.com", "gcp.vertex_ai"],
	["cohere.com", "cohere"],
	["cohere.ai", "cohere"],
	["deepseek.com", "deepseek"],
	["groq.com", "groq"],
	["mistral.ai", "mistral_ai"],
	["moonshot.ai", "moonshot_ai"],
	["moonshot.cn", "moonshot_ai"],
	["openai.azure.com", "azure.ai.openai"],
	["perplexity.ai", "perplexity"],
	["x.ai", "x_ai"],
];

/** Returns the name of an upstream by its configuration. */
export function upstreamName({ name, kind, baseUrl }: NamedUpstream): UpstreamName {
	const url = baseUrl === undefined ? undefined : (URL.parse(baseUrl) ?? undefined);
	const host = url?.hostname ?? "";
	const domain = PROVIDER_OF_DOMAIN.find(([each]) => host === each || host.endsWith(`.${each}`) || host.endsWith(`-${each}`));
	return {
		backend: name,
		provider: domain?.[1] ?? PROVIDER_OF_KIND.get(kind) ?? kind,
		address: url === undefined ? undefined : host.replace(/^\[|\]$/g, ""),
		port: url === undefined ? undefined : portOf(url),
	};
}

function portOf({ port, protocol }: URL): number {
	if (port !== "") return Number(port);
	return protocol === "http:" || protocol === "ws:" ? 80 : 443;
}
