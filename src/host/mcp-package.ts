import type { Faults } from "../config/faults.ts";
import type { Settings } from "../config/settings.ts";
import { hasMcpPackage, MCP_INSTALL, MCP_PACKAGE } from "../mcp/client-package.ts";

/**
 * Adds a fault if the configuration has servers of tools, and the package that talks to them is not installed.
 *
 * @param isInstalled For tests. The default looks for the package.
 */
export function checkMcpPackage(
	{ mcpServers }: Pick<Settings, "mcpServers">,
	faults: Pick<Faults, "add">,
	isInstalled = hasMcpPackage,
): void {
	if (mcpServers.size > 0 && !isInstalled())
		faults.add(["mcp", "servers"], `needs the package ${MCP_PACKAGE}, which is not installed; run: ${MCP_INSTALL}`);
}
