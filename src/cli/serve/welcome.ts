import type { Serving } from "../../host/serving.ts";
import type { ServerAddress } from "../../serve/listener/http-listener.ts";
import { aligned } from "../aligned.ts";

/**
 * Returns what `spear serve` prints when it listens: what is there, and for whom.
 *
 * @param demoKey Admin key of a demonstration. The default is no demonstration.
 */
export function welcome({ url }: ServerAddress, { server, agents, clients, adminDigest }: Serving, demoKey?: string): string {
	const key = clients.size === 0 ? "" : " (needs the key of a client)";
	const missing = server.adminKeyName === undefined ? "set admin_key_env in [server]" : "its key is missing, see the log";
	const places = [
		[`  ${url}/v1`, `OpenAI-compatible API${key}`],
		...[...agents.keys()].map((name) => [`  ${url}/agents/${name}/run`, `agent${key}`]),
		...(server.page ? [[`  ${url}/`, `operator's page${adminDigest === undefined ? ` (off: ${missing})` : ""}`]] : []),
	];
	const lines = [
		`spear serves at ${url}`,
		"",
		aligned(places).trimEnd(),
		...(demoKey === undefined
			? []
			: ["", "DEMO: backends and traffic are simulated. The operator's page asks for the key:", "", `  ${demoKey}`]),
		"",
	];
	return lines.join("\n");
}
