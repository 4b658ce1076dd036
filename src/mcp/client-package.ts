import { SpearError } from "../errors/spear-error.ts";
import { importOptionalPackage, optionalPackage } from "../packages/optional-package.ts";

/** The official TypeScript SDK of the Model Context Protocol: its client. An optional package. */
export const MCP_PACKAGE = "@modelcontextprotocol/client";

/** Members of the package that the host uses. */
export type McpPackage = Pick<typeof import("@modelcontextprotocol/client"), "Client">;

/** Command that installs the package. */
export const MCP_INSTALL = `npm install ${MCP_PACKAGE}`;

/** Returns true if the package is installed. Does not load the package. */
export function hasMcpPackage(): boolean {
	return optionalPackage(MCP_PACKAGE) !== undefined;
}

/** Loads the package. @throws SpearError `backend_not_enabled` if the package is not installed, or is another one. */
export async function loadMcpPackage(): Promise<McpPackage> {
	const module = await importOptionalPackage(MCP_PACKAGE).catch((cause: unknown) => {
		throw new SpearError("backend_not_enabled", `tools of MCP servers need the package ${MCP_PACKAGE}; run: ${MCP_INSTALL}`, { cause });
	});
	if (!isMcpPackage(module)) throw new SpearError("backend_not_enabled", `the package ${MCP_PACKAGE} has no Client; run: ${MCP_INSTALL}@2`);
	return module;
}

function isMcpPackage(module: unknown): module is McpPackage {
	return typeof module === "object" && module !== null && "Client" in module && typeof module.Client === "function";
}
