import process from "node:process";
import { fileURLToPath } from "node:url";
import { loadMcpPackage } from "../../src/mcp/client-package.ts";
import { GuestTools } from "../../src/mcp/guest-tools.ts";
import type { ServerParts } from "../../src/mcp/mcp-server.ts";
import { McpServers } from "../../src/mcp/mcp-servers.ts";
import type { McpServerSettings } from "../../src/mcp/settings.ts";
import type { ToolCallEvent } from "../../src/telemetry/host-event.ts";
import { systemClock } from "../../src/time/clock.ts";

/** Path of the server that misbehaves. */
export const TEST_SERVER = fileURLToPath(new URL("mcp-server.ts", import.meta.url));

/** Settings of a server that misbehaves in one way. */
export function serverSettings(mode: string, more: Partial<McpServerSettings> = {}): McpServerSettings {
	return {
		id: "test",
		command: process.execPath,
		args: [TEST_SERVER, mode],
		env: [],
		cwd: undefined,
		allowedTools: ["*"],
		listTimeoutMs: 60_000,
		callTimeoutMs: 60_000,
		maxOutputBytes: 65_536,
		...more,
	};
}

export interface TestTools extends AsyncDisposable {
	readonly servers: McpServers;
	readonly tools: GuestTools;
	readonly events: ToolCallEvent[];
	/** Each log line as `level message`. */
	readonly log: string[];
	/** Returns the tools of another instance. */
	instance(): GuestTools;
	/** Calls a tool of the server `test` by its own name, without limits. */
	call(tool: string, args?: object, signal?: AbortSignal): ReturnType<GuestTools["call"]>;
	/** Returns the text of a call's result. */
	text(tool: string, args?: object): Promise<string>;
}

export const SELECTION = { servers: ["test"], allow: [], deny: [] };

/** Creates the tools of a guest that may use all servers. */
export function testTools(settings: readonly McpServerSettings[], parts: Partial<ServerParts> = {}): TestTools {
	const log: string[] = [];
	const write =
		(level: string) =>
		(_: object, message: string): void => {
			log.push(`${level} ${message}`);
		};
	const logger = { trace: write("trace"), debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
	const byId = new Map(settings.map((entry) => [entry.id, entry]));
	const servers = new McpServers(byId, {
		env: process.env,
		clock: systemClock,
		logger,
		version: "1",
		load: loadMcpPackage,
		...parts,
		limits: { graceMs: 300, ...parts.limits },
	});
	const events: ToolCallEvent[] = [];
	const instance = (): GuestTools =>
		new GuestTools({
			servers,
			allowed: () => [...byId.keys()],
			redact: (text) => text.replaceAll("s3cret-value", "[redacted]"),
			clock: systemClock,
			onCall: (event) => events.push(event),
		});
	const tools = instance();
	const call: TestTools["call"] = (tool, args = {}, signal = new AbortController().signal) =>
		tools.call({ selection: SELECTION, name: `mcp.test.${tool}`, arguments: JSON.stringify(args), maxOutputBytes: 65_536 }, signal);
	return {
		servers,
		tools,
		events,
		log,
		instance,
		call,
		async text(tool, args) {
			const result = await call(tool, args);
			if ("failure" in result) return `${result.failure.code}: ${result.failure.message}`;
			return JSON.parse(result.output).content[0].text;
		},
		[Symbol.asyncDispose]: () => servers.close(),
	};
}

/** Resolves when a condition holds. @throws Error after half a minute. */
export async function until(holds: () => boolean): Promise<void> {
	for (let left = 3_000; !holds(); left--) {
		if (left === 0) throw new Error("the condition never held");
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}

/** Returns true while a process runs. */
export function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}
