import type { Serving } from "../../host/serving.ts";
import type { ServerAddress } from "../../serve/listener/http-listener.ts";

/**
 * Returns what `spear serve` prints when it listens: what is there, and for whom.
 *
 * @param demoKey Admin key of a demonstration. The default is no demonstration.
 */
export function welcome({ url }: ServerAddress, { server, agents, clients, adminDigest }: Serving, demoKey?: string): string {
	const key = clients.size === 0 ? "" : " (needs the key of a client)";
	const lines = [
		`spear serves at ${url}`,
		"",
		`  ${url}/v1${" ".repeat(12)}OpenAI-compatible API${key}`,
		...[...agents.keys()].map((name) => `  ${url}/agents/${name}/run  agent${key}`),
		...(server.page
			? [`  ${url}/${" ".repeat(14)}operator's page${adminDigest === undefined ? " (off: set admin_key_env in [server])" : ""}`]
			: []),
		...(demoKey === undefined
			? []
			: ["", "DEMO: backends and traffic are simulated. The operator's page asks for the key:", "", `  ${demoKey}`]),
		"",
	];
	return lines.join("\n");
}
