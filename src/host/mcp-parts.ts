import type { Settings } from "../config/settings.ts";
import { loadMcpPackage } from "../mcp/client-package.ts";
import { McpServers } from "../mcp/mcp-servers.ts";
import { packageManifest } from "../packages/package-manifest.ts";
import type { Logger } from "../telemetry/logger.ts";
import { systemClock } from "../time/clock.ts";

/** Returns the servers of tools of a configuration. No process is started before the first use. */
export function mcpServersFor(settings: Settings, env: Readonly<Record<string, string | undefined>>, logger: Logger): McpServers {
	return new McpServers(settings.mcpServers, { env, logger, clock: systemClock, version: packageManifest().version, load: loadMcpPackage });
}
