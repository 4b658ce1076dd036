/** Chat of core modules through the whole host, in its thread and in workers, with an upstream at a socket. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type Host, type HostEvent, SpearError } from "../../src/index.ts";
import { completion } from "../backends/protocols/openai/upstream.ts";
import { CHAT_GUEST } from "../helpers/core-chat-guest.ts";
import { assemble, buildTestGuest, scratch } from "../helpers/guest.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";
import { UNASSISTED } from "../helpers/unassisted.ts";

const guest = await assemble(CHAT_GUEST);

function hostFor(server: OpenAiServer): Promise<Host> {
	return createHost({
		config: {
			host: { cache_dir: scratch(), log_level: "silent" },
			router: UNASSISTED,
			backends: { up: { kind: "openai-compatible", base_url: server.baseUrl, api_key_env: "UP_KEY", models: ["gpt-4o-mini"] } },
		},
		env: { UP_KEY: "sk-test" },
	});
}

const sum = (id: string, args: string): object => ({ id, type: "function", function: { name: "sum", arguments: args } });
const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

for (const isolation of ["shared", "worker"] as const) {
	test(`a guest's tool is called back twice in one send, and the guest reads the answer and its tokens (${isolation})`, async () => {
		const server = await OpenAiServer.start(
			answer.json(
				completion(
					{ role: "assistant", content: null, tool_calls: [sum("c1", '{"a":7,"b":35}'), sum("c2", '{"a":40,"b":2}')] },
					{ finish_reason: "tool_calls", usage: USAGE },
				),
			),
			answer.json(completion({ role: "assistant", content: "It is 42." }, { usage: USAGE })),
		);
		const host = await hostFor(server);
		try {
			const agent = await host.load(guest, { isolation });
			const lines: string[] = [];
			await agent.run("", { onEvent: (event: HostEvent) => void (event.type === "log" && lines.push(event.message)) });
			assert.equal(lines.slice(0, 3), ['{"a":7,"b":35}', '{"a":40,"b":2}', "short"]);
			const body = JSON.parse(lines[3] ?? "");
			assert.is(body.choices[0].message.content, "It is 42.");
			assert.is(body._spear.backend, "up");
			assert.is(lines[4], '{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30}');
			const sent = server.requests.map(({ body }) => JSON.parse(body));
			assert.is(sent[0].temperature, 0.5);
			assert.equal(sent[1].messages.slice(2), [
				{ role: "tool", content: '{"sum":42}', tool_call_id: "c1" },
				{ role: "tool", content: '{"sum":42}', tool_call_id: "c2" },
			]);
		} finally {
			await host.close();
			await server.close();
		}
	});

	test(`a request that fails is a body for the guest (${isolation})`, async () => {
		const server = await OpenAiServer.start(answer.status(500, { error: { message: "out of order" } }));
		const host = await hostFor(server);
		try {
			const agent = await host.load(guest, { isolation });
			const lines: string[] = [];
			await agent.run("", { onEvent: (event: HostEvent) => void (event.type === "log" && lines.push(event.message)) });
			assert.match(lines[1] ?? "", /^\{"error":\{"code":"backend_error","message":"Runtime error: .*out of order/);
			assert.is(lines[2], "{}");
		} finally {
			await host.close();
			await server.close();
		}
	});

	test(`an abort ends a guest that waits for an answer (${isolation})`, async () => {
		const server = await OpenAiServer.start(() => {});
		const host = await hostFor(server);
		try {
			const agent = await host.load(guest, { isolation });
			const abort = new AbortController();
			const running = agent.run("", { signal: abort.signal });
			await server.request(0);
			abort.abort(new SpearError("cancelled", "enough"));
			const [result] = await Promise.allSettled([running]);
			assert.match(result?.status === "rejected" ? String(result.reason) : "", "enough");
		} finally {
			await host.close();
			await server.close();
		}
	});
}

/** The conversation of the core module, as a component has it. */
const COMPONENT = `
import { Session } from "spear:ai/cchat@0.1.0";

export function run() {
	const tool = { name: "sum", description: "Adds.", parameters: JSON.stringify({ type: "object" }), strict: false };
	const request = { messages: [], tools: [tool], toolChoice: { tag: "auto" }, params: { temperature: 0.5, maxOutputTokens: 99 } };
	const session = Session.open(request, { routing: { backend: "up" } });
	session.writeMessage({ role: "user", content: [{ tag: "text", val: "Please call sum." }], toolCalls: [] });
	for (;;) {
		const { message } = session.send();
		if (message.toolCalls.length === 0) return "";
		for (const { id } of message.toolCalls) session.writeToolResult({ callId: id, output: '{"sum":42}', isError: false });
	}
}`;

test("a component and a core module that have the same conversation make equal envelopes", async () => {
	const calls = { role: "assistant", content: null, tool_calls: [sum("c1", "{}"), sum("c2", "{}")] };
	const script = () => [
		answer.json(completion(calls, { finish_reason: "tool_calls", usage: USAGE })),
		answer.json(completion({ role: "assistant", content: "It is 42." }, { usage: USAGE })),
	];
	const server = await OpenAiServer.start(...script(), ...script());
	const host = await hostFor(server);
	try {
		const envelopes: string[][] = [];
		for (const source of [guest, (await buildTestGuest(COMPONENT)).prepared]) {
			const agent = await host.load(source);
			const requests: string[] = [];
			await agent.run("", {
				onEvent: (event: HostEvent) => void (event.type === "request" && requests.push(JSON.stringify(event.request))),
			});
			envelopes.push(requests.map(withoutIds));
		}
		const [ofCore, ofComponent] = envelopes;
		assert.is(ofCore?.length, 2);
		assert.equal(ofCore, ofComponent);
		const bodies = server.requests.map(({ body }) => body);
		assert.equal(bodies.slice(0, 2), bodies.slice(2));
	} finally {
		await host.close();
		await server.close();
	}
});

/** Replaces ids and times, which differ between any two requests. */
function withoutIds(envelope: string): string {
	return envelope
		.replace(/"request_id":"[^"]*"/, '"request_id":"…"')
		.replace(/"(?:trace|span)_id":"[^"]*"/g, '"…"')
		.replace(/"created_at_ms":\d+/, '"created_at_ms":0')
		.replace(/"session_key":"conversation [^"]*"/, '"session_key":"…"');
}

test.run();
