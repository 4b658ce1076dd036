/**
 * `npm run fetch:test-mcp`: installs the MCP server of the tests, with npm from the registry that the user has configured. The folder is outside the
 * repository, and `SPEAR_TEST_MCP` names another one. A server that is there stays.
 *
 * Prints one line. Exits 1 if the server could not be installed; tests that need it are then skipped.
 */
import "./require-node.ts";
import process from "node:process";
import { installTestMcpServer, testMcpFolder } from "./testing/test-mcp-server.ts";

try {
	await installTestMcpServer();
	console.log(`the MCP server of the tests is in ${testMcpFolder()}`);
} catch (thrown) {
	const reason = thrown instanceof Error ? thrown.message : String(thrown);
	console.error(`the MCP server of the tests could not be installed, so its tests are skipped: ${reason}`);
	process.exitCode = 1;
}
