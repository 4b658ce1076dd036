import { type Config, createHost, type Host, type HostOptions } from "../../src/index.ts";
import { createServer, type SpearServer } from "../../src/serve.ts";

/** A host and its server on a free port of loopback. */
export interface Served {
	readonly host: Host;
	readonly server: SpearServer;
	readonly url: string;
	close(): Promise<void>;
}

/** Starts a server. Its host logs nothing unless the configuration says so. */
export async function served(config: Config, env: Record<string, string> = {}, options: HostOptions = {}): Promise<Served> {
	const host = await createHost({ config: { ...config, host: { log_level: "silent", ...config.host } }, env, ...options });
	const server = createServer(host);
	const { url } = await server.listen({ port: 0 });
	return {
		host,
		server,
		url,
		async close() {
			await server.close({ drainMs: 0 });
			await host.close();
		},
	};
}
