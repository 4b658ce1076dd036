/** A guest's chat with a server of other authors, which lists and reads files. `npm run fetch:test-mcp` installs the server. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { testMcpServer } from "../../scripts/testing/test-mcp-server.ts";
import type { HostEvent } from "../../src/index.ts";
import { buildTestGuest, scratch } from "../helpers/guest.ts";
import { createHost } from "../helpers/isolation.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";
import { TOOL_GUEST } from "../helpers/tool-guest.ts";
import { UNASSISTED } from "../helpers/unassisted.ts";

const SERVER = testMcpServer();
const check = SERVER === undefined ? test.skip : test;
if (SERVER === undefined) console.log("SKIP MCP server of other authors: it is not installed; `npm run fetch:test-mcp` installs it");

interface Sent {
	readonly messages: readonly { readonly role: string; readonly content: string }[];
	readonly tools: readonly { readonly function: { readonly name: string; readonly parameters: object } }[];
}

function offered(tool: string): string {
	return `mcp__${Buffer.from("fs").toString("base64url")}__${Buffer.from(tool).toString("base64url")}`;
}

function completion(message: object, finish_reason: string): object {
	return {
		id: "c",
		object: "chat.completion",
		created: 1,
		model: "m1",
		choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason }],
	};
}

function calls(tool: string, args: object): object {
	const call = { id: "call-1", type: "function", function: { name: offered(tool), arguments: JSON.stringify(args) } };
	return completion({ content: null, tool_calls: [call] }, "tool_calls");
}

check("a real server lists a folder and reads a file through the chat of a guest, and nothing outside its folder", async () => {
	const folder = join(scratch(), "files");
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, "Cargo.toml"), '[package]\nname = "spear"\n');
	await writeFile(join(scratch(), "secret.txt"), "not for guests");
	const upstream = await OpenAiServer.start(
		answer.json(calls("list_directory", { path: folder })),
		answer.json(calls("read_text_file", { path: join(folder, "Cargo.toml") })),
		answer.json(calls("read_text_file", { path: join(scratch(), "secret.txt") })),
		answer.json(calls("write_file", { path: join(folder, "new.txt"), content: "x" })),
		answer.json(completion({ content: "MCP_OK" }, "stop")),
	);
	const events: HostEvent[] = [];
	const host = await createHost({
		config: {
			host: { cache_dir: scratch(), log_level: "silent" },
			router: UNASSISTED,
			backends: { upstream: { kind: "openai-compatible", base_url: upstream.baseUrl, models: ["m1"] } },
			mcp: {
				servers: {
					fs: {
						command: process.execPath,
						args: [SERVER ?? "", folder],
						allowed_tools: ["read_*", "list_*"],
						list_timeout_ms: 60_000,
						call_timeout_ms: 60_000,
					},
				},
			},
			guests: { "*": { mcp_servers: ["fs"] } },
		},
	});
	try {
		const { prepared } = await buildTestGuest(TOOL_GUEST);
		const agent = await host.load(prepared);
		const input = { question: "What is in the folder?", hostTools: { servers: ["fs"] } };
		assert.is(await agent.run(JSON.stringify(input), { onEvent: (event) => events.push(event) }), "MCP_OK");
	} finally {
		await host.close();
		await upstream.close();
	}
	const last = upstream.requests.at(-1);
	assert.ok(last !== undefined);
	const { messages, tools } = last.json() as Sent;
	const names = tools.map((tool) => tool.function.name);
	assert.ok(names.includes(offered("list_directory")) && names.includes(offered("read_text_file")));
	assert.not(names.includes(offered("write_file")));
	const [listing, file, outside, written] = messages.filter(({ role }) => role === "tool").map(({ content }) => content);
	assert.match(listing ?? "", "[FILE] Cargo.toml");
	assert.match(file ?? "", String.raw`name = \"spear\"`);
	assert.match(outside ?? "", "Access denied");
	assert.is(written, `{"error":{"code":"unknown_tool","message":"unknown tool: ${offered("write_file")}"}}`);
	assert.equal(
		events.flatMap((event) => (event.type === "tool-call" ? [`${event.server} ${event.tool} ${event.outcome}`] : [])),
		["fs list_directory ok", "fs read_text_file ok", "fs read_text_file error"],
	);
});

test.run();
