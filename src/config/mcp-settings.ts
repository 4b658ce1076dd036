import type { Config, McpServerConfig } from "../../generated/ir/config.ts";
import type { McpServerSettings } from "../mcp/settings.ts";
import type { ConfigPath } from "./config-path.ts";
import type { Faults } from "./faults.ts";
import { known } from "./known.ts";
import { looksLikeKey } from "./looks-like-key.ts";

/** Entry of the configuration for every guest that has none of its own. */
const OTHERS = "*";

/** Reads the `[mcp.servers.<id>]` tables. Adds a fault for each name of a variable that looks like a key. */
export function mcpServerSettings(
	servers: NonNullable<Config["mcp"]>["servers"],
	faults: Pick<Faults, "add">,
): Map<string, McpServerSettings> {
	return new Map(Object.entries(servers ?? {}).map(([id, server]) => [id, readServer(id, server, faults)]));
}

function readServer(id: string, server: McpServerConfig, faults: Pick<Faults, "add">): McpServerSettings {
	const path: ConfigPath = ["mcp", "servers", id];
	for (const [index, name] of (server.env ?? []).entries())
		if (looksLikeKey(name))
			faults.add([...path, "env", index], "this looks like a key; put it into an environment variable, and the name of the variable here");
	return {
		id,
		command: server.command,
		args: server.args ?? [],
		env: server.env ?? [],
		cwd: server.cwd,
		allowedTools: server.allowed_tools,
		listTimeoutMs: server.list_timeout_ms ?? 12_000,
		callTimeoutMs: server.call_timeout_ms ?? 8_000,
		maxOutputBytes: server.max_output_bytes ?? 1_048_576,
	};
}

/**
 * Reads `mcp_servers` of the `[guests.<name>]` tables. Adds a fault for each id without a server.
 *
 * @param servers Ids of the servers. `undefined` if they are unknown.
 */
export function guestMcpServers(
	guests: Config["guests"],
	servers: readonly string[] | undefined,
	faults: Faults,
): Map<string, readonly string[]> {
	for (const [name, { mcp_servers: ids = [] }] of Object.entries(guests ?? {})) {
		const path = ["guests", name, "mcp_servers"];
		if (servers?.length === 0 && ids.length > 0)
			faults.add(path, `there are no servers; add [mcp.servers.${ids[0]}] with command and allowed_tools`);
		else if (servers !== undefined) known(ids, servers, path, faults);
	}
	return new Map(Object.entries(guests ?? {}).map(([name, guest]) => [name, guest.mcp_servers ?? []]));
}

/** Returns the ids of the servers that a guest may use, by the name that it is loaded under. */
export function mcpServersOf(settings: ReadonlyMap<string, readonly string[]>, name: string | undefined): readonly string[] {
	const own = name === undefined ? undefined : settings.get(name);
	return own ?? settings.get(OTHERS) ?? [];
}
