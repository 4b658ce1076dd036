/** Tools of the host in chats of core modules, through the whole host: a server in a process, and an upstream at a socket. */
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type Host, type HostEvent } from "../../src/index.ts";
import { completion } from "../backends/protocols/openai/upstream.ts";
import { coreToolGuest } from "../helpers/core-tool-guest.ts";
import { assemble, scratch } from "../helpers/guest.ts";
import { TEST_SERVER } from "../helpers/mcp.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";
import { UNASSISTED } from "../helpers/unassisted.ts";

const PARAMS = { "mcp.enabled": true, "mcp.server_ids": ["tools"], "mcp.tool_allowlist": ["a?d", "fail"] };

const offered = (tool: string): string => `mcp__${Buffer.from("tools").toString("base64url")}__${Buffer.from(tool).toString("base64url")}`;

function hostFor({ baseUrl }: OpenAiServer, servers: readonly string[]): Promise<Host> {
	return createHost({
		config: {
			host: { cache_dir: scratch(), log_level: "silent" },
			router: UNASSISTED,
			backends: { up: { kind: "openai-compatible", base_url: baseUrl, models: ["m"] } },
			mcp: {
				servers: {
					tools: {
						command: process.execPath,
						args: [TEST_SERVER, "well"],
						allowed_tools: ["*"],
						list_timeout_ms: 60_000,
						call_timeout_ms: 60_000,
					},
				},
			},
			guests: { "*": { mcp_servers: [...servers] } },
		},
	});
}

const call = (id: string, tool: string): object => ({ id, type: "function", function: { name: tool, arguments: '{"a":2,"b":3}' } });

for (const isolation of ["shared", "worker"] as const)
	test(`a core module's chat runs tools of the host (${isolation})`, async () => {
		const tool_calls = [call("c1", offered("add")), call("c2", "mcp.tools.fail"), call("c3", offered("pid"))];
		const server = await OpenAiServer.start(
			answer.json(completion({ role: "assistant", content: null, tool_calls }, { finish_reason: "tool_calls" })),
			answer.json(completion({ role: "assistant", content: "five" })),
		);
		const host = await hostFor(server, ["tools"]);
		try {
			const agent = await host.load(await assemble(coreToolGuest(PARAMS)), { isolation });
			const events: HostEvent[] = [];
			await agent.run("", { onEvent: (event) => events.push(event) });
			const lines = events.flatMap((event) => (event.type === "log" ? [event.message] : []));
			assert.is(JSON.parse(lines[0] ?? "").choices[0].message.content, "five");
			const [first, second] = server.requests.map(({ body }) => JSON.parse(body));
			assert.equal(
				first.tools.map((tool: { function: { name: string } }) => tool.function.name),
				[offered("add"), offered("fail")],
			);
			assert.equal(second.messages.slice(2), [
				{ role: "tool", content: '{"content":[{"type":"text","text":"5"}]}', tool_call_id: "c1" },
				{ role: "tool", content: '{"content":[{"type":"text","text":"it broke"}],"isError":true}', tool_call_id: "c2" },
				{ role: "tool", content: `{"error":{"code":"unknown_tool","message":"unknown tool: ${offered("pid")}"}}`, tool_call_id: "c3" },
			]);
			assert.equal(
				events.flatMap((event) => (event.type === "tool-call" ? [`${event.server} ${event.tool} ${event.outcome}`] : [])),
				["tools add ok", "tools fail error"],
			);
		} finally {
			await host.close();
			await server.close();
		}
	});

test("a server that a core module may not use is refused with the errno EACCES", async () => {
	const server = await OpenAiServer.start();
	const host = await hostFor(server, []);
	try {
		const agent = await host.load(await assemble(coreToolGuest({ "mcp.server_ids": ["tools"] })));
		const [result] = await Promise.allSettled([agent.run("")]);
		assert.match(result?.status === "rejected" ? String(result.reason) : "ran", "13");
	} finally {
		await host.close();
		await server.close();
	}
});

test.run();
