import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Agent, type Config, createHost, type Host, type HostEvent, type LoadOptions } from "../../src/index.ts";
import { buildTestGuest, scratch } from "../helpers/guest.ts";
import { isAlive, TEST_SERVER, until } from "../helpers/mcp.ts";
import { answer, OpenAiServer, sse } from "../helpers/openai-server.ts";
import { TOOL_GUEST } from "../helpers/tool-guest.ts";
import { UNASSISTED } from "../helpers/unassisted.ts";

interface Context {
	readonly upstream: OpenAiServer;
	readonly host: Host;
	readonly config: Config;
	readonly events: HostEvent[];
	/** Lines that the server has written to its standard error. */
	readonly logged: string[];
	/** Runs the guest, in the thread of the host or in a worker. */
	ask(input: object, isolation: NonNullable<LoadOptions["isolation"]>, signal?: AbortSignal): Promise<string>;
}

/** A guest's chat with tools that the host runs: from the model's call at a real socket, to the process of a server, and back. */
const test = suite<Context>("tools of the host");

const offered = (tool: string): string => `mcp__${Buffer.from("tools").toString("base64url")}__${Buffer.from(tool).toString("base64url")}`;

function completion(message: object, finish_reason: string): object {
	const choices = [{ index: 0, message: { role: "assistant", content: null, ...message }, finish_reason }];
	return { id: "c", object: "chat.completion", created: 1, model: "m1", choices };
}

function calls(...names: readonly (readonly [tool: string, args: object])[]): object {
	const tool_calls = names.map(([name, args], index) => ({
		id: `call-${index}`,
		type: "function",
		function: { name, arguments: JSON.stringify(args) },
	}));
	return completion({ tool_calls }, "tool_calls");
}

const says = (content: string): object => completion({ content }, "stop");

interface Sent {
	readonly messages: readonly { readonly role: string; readonly content: string; readonly tool_call_id?: string }[];
	readonly tools: readonly { readonly function: { readonly name: string; readonly description: string } }[];
}

function sent({ upstream }: Context, index: number): Sent {
	return upstream.requests.at(index)?.json() as Sent;
}

test.before(async (context) => {
	const upstream = await OpenAiServer.start();
	const events: HostEvent[] = [];
	const logged: string[] = [];
	const write = (fields: object, message: string): void => {
		if ("server" in fields) logged.push(message);
	};
	const config: Config = {
		host: { cache_dir: scratch() },
		router: UNASSISTED,
		backends: { upstream: { kind: "openai-compatible", base_url: upstream.baseUrl, models: ["m1"] } },
		mcp: {
			servers: {
				tools: {
					command: process.execPath,
					args: [TEST_SERVER, "well"],
					allowed_tools: ["*"],
					list_timeout_ms: 60_000,
					call_timeout_ms: 60_000,
				},
				other: { command: process.execPath, args: [TEST_SERVER, "well"], allowed_tools: ["*"] },
			},
		},
		guests: { asker: { mcp_servers: ["tools"] } },
	};
	const host = await createHost({
		logger: { trace: write, debug: write, info: write, warn: write, error: write },
		config,
	});
	const { prepared } = await buildTestGuest(TOOL_GUEST);
	const agents = new Map<string, Agent>();
	Object.assign(context, {
		upstream,
		host,
		config,
		events,
		logged,
		async ask(input, isolation, signal) {
			const agent = agents.get(isolation) ?? (await host.load(prepared, { guest: "asker", isolation }));
			agents.set(isolation, agent);
			events.length = 0;
			const options = { onEvent: (event: HostEvent) => events.push(event), ...(signal === undefined ? {} : { signal }) };
			return agent.run(JSON.stringify({ question: "go", hostTools: { servers: ["tools"] }, streams: false, ...input }), options);
		},
	} satisfies Context);
});

test.after(async ({ host, upstream }) => {
	await host.close();
	await upstream.close();
});

for (const isolation of ["shared", "worker"] as const) {
	test(`the host runs the tools that the model calls, with the guest in the place ${isolation}`, async (context) => {
		context.upstream.script(
			answer.json(calls([offered("add"), { a: 2, b: 3 }], ["own", {}])),
			answer.json(calls([offered("fail"), {}])),
			answer.json(says("five")),
		);
		assert.is(await context.ask({}, isolation), "five");
		const first = sent(context, -3);
		assert.equal(
			first.tools.map((tool) => tool.function.name),
			["own", ...["add", "cancelled", "crash", "env", "fail", "hang", "large", "pid", "refuse"].map(offered)],
		);
		assert.is(first.tools[1]?.function.description, "Does add.");
		const results = sent(context, -1).messages.filter(({ role }) => role === "tool");
		assert.equal(
			results.map(({ content }) => content),
			['{"content":[{"type":"text","text":"5"}]}', "of the guest", '{"content":[{"type":"text","text":"it broke"}],"isError":true}'],
		);
		assert.equal(
			context.events.flatMap((event) =>
				event.type === "tool-call" ? [`${event.server} ${event.tool} ${event.outcome} ${event.bytes}`] : [],
			),
			["tools add ok 40", "tools fail error 62"],
		);
	});

	test(`a stream goes on over the host's turns, with the guest in the place ${isolation}`, async (context) => {
		const chunk = (delta: object, finish_reason: string | null = null): object => ({
			id: "c",
			object: "chat.completion.chunk",
			created: 1,
			model: "m1",
			choices: [{ index: 0, delta, finish_reason }],
		});
		const call = { index: 0, id: "call-0", type: "function", function: { name: offered("add"), arguments: '{"a":1,"b":1}' } };
		context.upstream.script(
			answer.stream(sse([chunk({ role: "assistant", content: "Let me see. " }), chunk({ tool_calls: [call] }), chunk({}, "tool_calls")])),
			answer.stream(sse([chunk({ role: "assistant", content: "Two." }), chunk({}, "stop")])),
		);
		assert.is(await context.ask({ streams: true }, isolation), "Let me see. Two. [completed]");
		assert.is(sent(context, -1).messages.at(-1)?.content, '{"content":[{"type":"text","text":"2"}]}');
	});

	test(`a server that the guest may not use is refused, with the guest in the place ${isolation}`, async (context) => {
		assert.is(
			await context.ask({ hostTools: { servers: ["other"] } }, isolation),
			"not-permitted: tools.servers: the guest may not use the server 'other'; it may use: tools; mcp_servers of its [guests.<name>] lists its servers",
		);
	});

	test(`the end of a run cancels its call at the server, with the guest in the place ${isolation}`, async (context) => {
		const abort = new AbortController();
		context.upstream.script(answer.json(calls([offered("hang"), {}])));
		const lines = context.logged.length;
		const run = context.ask({}, isolation, abort.signal);
		run.catch(() => {});
		await until(() => context.logged.length > lines);
		abort.abort();
		await run.then(
			() => assert.unreachable(),
			() => {},
		);
		await until(() => context.events.some((event) => event.type === "tool-call"));
		assert.equal(
			context.events.flatMap((event) => (event.type === "tool-call" ? [event.outcome] : [])),
			["cancelled"],
		);
		context.upstream.script(answer.json(calls([offered("cancelled"), {}], [offered("pid"), {}])), answer.json(says("done")));
		await context.ask({}, isolation);
		const [cancelled, pid] = sent(context, -1).messages.filter(({ role }) => role === "tool");
		assert.match(cancelled?.content ?? "", isolation === "shared" ? '"1"' : '"2"');
		assert.ok(isAlive(Number(/"(\d+)"/.exec(pid?.content ?? "")?.[1])));
	});
}

test("tools that the selection does not allow are neither offered nor run", async (context) => {
	context.upstream.script(
		answer.json(calls([offered("add"), { a: 1, b: 1 }], ["mcp.tools.add", {}], ["mcp.tools.pid", {}])),
		answer.json(says("done")),
	);
	assert.is(await context.ask({ hostTools: { servers: ["tools"], allow: ["*d*"], deny: ["a?d", "cancelled"] } }, "shared"), "done");
	assert.equal(
		sent(context, -2).tools.map((tool) => tool.function.name),
		["own", offered("pid")],
	);
	const [first, second, third] = sent(context, -1).messages.filter(({ role }) => role === "tool");
	assert.is(first?.content, `{"error":{"code":"unknown_tool","message":"unknown tool: ${offered("add")}"}}`);
	assert.is(second?.content, '{"error":{"code":"unknown_tool","message":"unknown tool: mcp.tools.add"}}');
	assert.match(third?.content ?? "", /^\{"content"/);
});

test("a reload applies to guests that are loaded already", async (context) => {
	const { ask, host, config } = context;
	await host.reload({ ...config, guests: { asker: { mcp_servers: ["other"] } } });
	try {
		assert.match(await ask({}, "shared"), "the guest may not use the server 'tools'; it may use: other");
		context.upstream.script(answer.json(says("nothing to do")));
		assert.is(await ask({ hostTools: { servers: ["other"] } }, "shared"), "nothing to do");
	} finally {
		await host.reload(config);
	}
	context.upstream.script(answer.json(says("done")));
	assert.is(await ask({}, "shared"), "done");
});

test.run();
