import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkMcpServers } from "../../../src/cli/doctor/check-mcp.ts";
import type { McpServerSettings } from "../../../src/mcp/settings.ts";
import { scratch } from "../../helpers/guest.ts";
import { serverSettings } from "../../helpers/mcp.ts";

const folder = join(scratch(), "programs");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "server"), "#!/bin/sh\n");
await chmod(join(folder, "server"), 0o755);
await writeFile(join(folder, "text"), "no program");

async function check(more: Partial<McpServerSettings>, env: Record<string, string> = {}): Promise<unknown> {
	const [found] = await checkMcpServers(new Map([["test", serverSettings("well", more)]]), { PATH: folder, ...env });
	return found;
}

const common = { area: "mcp", name: "test" } as const;

test("a command is found in PATH, and as a path relative to the working directory", async () => {
	for (const more of [{ command: "server" }, { command: "./server", cwd: folder }, { command: join(folder, "server") }])
		assert.equal(await check(more), { ...common, status: "ok", message: join(folder, "server") });
});

test("a command that is missing, or no program, is a problem", async () => {
	for (const command of ["absent", "text", "./server", folder])
		assert.equal(await check({ command }), {
			...common,
			status: "problem",
			message: `the command ${command} is not found`,
			remedy: `install ${command}, or correct command of [mcp.servers.test]`,
		});
});

test("a working directory that is none is a problem", async () => {
	assert.equal(await check({ command: "server", cwd: "/no/such/folder" }), {
		...common,
		status: "problem",
		message: "the working directory /no/such/folder is no folder",
		remedy: "correct cwd of [mcp.servers.test]",
	});
});

test("variables that are not set are a warning, without the values of the others", async () => {
	assert.equal(await check({ command: "server", env: ["A_TOKEN", "B_TOKEN"] }, { A_TOKEN: "secret" }), {
		...common,
		status: "warning",
		message: "B_TOKEN is not set",
		remedy: "export B_TOKEN=<value>",
	});
});

test.run();
