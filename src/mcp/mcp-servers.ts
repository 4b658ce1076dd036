import { weaknessOf } from "../redaction/weak-secret.ts";
import { McpServer, type ServerParts } from "./mcp-server.ts";
import type { McpServerSettings } from "./settings.ts";

/** Names of variables whose values are no secrets, unless there is a password in a URL. Redacted paths would make outputs useless. */
const ORDINARY = /(?:^|_)(?:PATH|DIR|HOME|ROOT|FOLDER|FILE|URL|HOST|PORT|REGION|MODE|LEVEL|ENV)$/i;

/** The servers of a host, by their ids. */
export class McpServers {
	readonly #parts: ServerParts;
	#servers = new Map<string, McpServer>();
	/** Servers of former configurations whose calls may be in flight. */
	readonly #retired = new Set<McpServer>();

	constructor(settings: ReadonlyMap<string, McpServerSettings>, parts: ServerParts) {
		this.#parts = parts;
		this.configure(settings);
	}

	/** Replaces the configuration. A server whose settings stay the same keeps its process. */
	configure(settings: ReadonlyMap<string, McpServerSettings>): void {
		const former = this.#servers;
		for (const server of this.#retired) if (server.isOver) this.#retired.delete(server);
		this.#servers = new Map([...settings].map(([id, entry]) => [id, kept(former.get(id), entry) ?? new McpServer(entry, this.#parts)]));
		for (const [id, server] of former) {
			if (this.#servers.get(id) === server) continue;
			server.retire();
			this.#retired.add(server);
		}
	}

	get(id: string): McpServer | undefined {
		return this.#servers.get(id);
	}

	/** Yields the values of the variables that servers receive, for the redaction. Paths, and words such as `production`, are no secrets. */
	*secrets(): Generator<string, void, void> {
		for (const { settings } of [...this.#servers.values(), ...this.#retired]) {
			for (const name of settings.env) {
				const value = this.#parts.env[name]?.trim() ?? "";
				const isOrdinary = ORDINARY.test(name) && !value.includes("@");
				if (!isOrdinary && weaknessOf(value) === undefined) yield value;
			}
		}
	}

	/** Ends all processes. Resolves when none is left. */
	async close(): Promise<void> {
		await Promise.all([...this.#servers.values(), ...this.#retired].map((server) => server.close()));
	}
}

function kept(server: McpServer | undefined, settings: McpServerSettings): McpServer | undefined {
	return server !== undefined && JSON.stringify(server.settings) === JSON.stringify(settings) ? server : undefined;
}
