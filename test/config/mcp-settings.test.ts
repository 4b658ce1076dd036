import { test } from "uvu";
import * as assert from "uvu/assert";
import { mcpServersOf } from "../../src/config/mcp-settings.ts";
import { checkMcpPackage } from "../../src/host/mcp-package.ts";
import { configErrorOf, faultsOf, settingsFrom } from "../helpers/config.ts";

const SERVER = '[mcp.servers.fs]\ncommand = "npx"\nallowed_tools = ["read_*"]\n';

test("a server has the defaults that the schema documents", () => {
	assert.equal(settingsFrom(SERVER).mcpServers.get("fs"), {
		id: "fs",
		command: "npx",
		args: [],
		env: [],
		cwd: undefined,
		allowedTools: ["read_*"],
		listTimeoutMs: 12_000,
		callTimeoutMs: 8_000,
		maxOutputBytes: 1_048_576,
	});
	assert.is(settingsFrom("").mcpServers.size, 0);
});

test("a guest may use the servers of its entry, else those of the entry for all others, else none", () => {
	const { guestMcpServers } = settingsFrom(`${SERVER}[guests.a]\nmcp_servers = ["fs"]\n[guests.b]\n[guests."*"]\nmcp_servers = ["fs"]`);
	assert.equal(mcpServersOf(guestMcpServers, "a"), ["fs"]);
	assert.equal(mcpServersOf(guestMcpServers, "b"), []);
	assert.equal(mcpServersOf(guestMcpServers, "c"), ["fs"]);
	assert.equal(mcpServersOf(guestMcpServers, undefined), ["fs"]);
	assert.equal(mcpServersOf(settingsFrom(SERVER).guestMcpServers, "a"), []);
});

test("faults of servers are located, and say what to write", () => {
	assert.match(faultsOf('[mcp.servers.fs]\ncommand = "npx"').join("\n"), /mcp\.servers\.fs.*allowed_tools/);
	assert.match(faultsOf(`${SERVER}comand = "x"`).join("\n"), "did you mean 'command'?");
	assert.match(faultsOf(`${SERVER}list_timeout_ms = 99`).join("\n"), "mcp.servers.fs.list_timeout_ms");
	assert.match(faultsOf(`${SERVER}call_timeout_ms = 120001`).join("\n"), "mcp.servers.fs.call_timeout_ms");
	assert.match(faultsOf(`${SERVER}cwd = "~/notes"`).join("\n"), "mcp.servers.fs.cwd: '~' and variables are not expanded");
	assert.match(faultsOf(`${SERVER.replace(".fs", ".FS")}`).join("\n"), "FS");
	const [fault] = configErrorOf(`${SERVER}env = ["HOME", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"]`).faults;
	assert.equal(fault, {
		file: "spear.toml",
		line: 4,
		column: 16,
		path: "mcp.servers.fs.env[1]",
		message: "this looks like a key; put it into an environment variable, and the name of the variable here",
	});
});

test("a guest's server that does not exist is a fault", () => {
	assert.equal(faultsOf(`${SERVER}[guests.a]\nmcp_servers = ["fx"]`), [
		"guests.a.mcp_servers[0]: 'fx' is not known; did you mean 'fs'?; known are: fs",
	]);
	assert.equal(faultsOf('[guests.a]\nmcp_servers = ["fs"]'), [
		"guests.a.mcp_servers: there are no servers; add [mcp.servers.fs] with command and allowed_tools",
	]);
});

test("servers without the package that talks to them are a fault with the command that installs the package", () => {
	const found: string[] = [];
	const faults = { add: (path: readonly (string | number)[], message: string) => found.push(`${path.join(".")}: ${message}`) };
	checkMcpPackage(settingsFrom(SERVER), faults, () => false);
	checkMcpPackage(settingsFrom(SERVER), faults, () => true);
	checkMcpPackage(settingsFrom(""), faults, () => false);
	assert.equal(found, [
		"mcp.servers: needs the package @modelcontextprotocol/client, which is not installed; run: npm install @modelcontextprotocol/client",
	]);
});

test.run();
