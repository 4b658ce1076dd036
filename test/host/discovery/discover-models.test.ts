/** The configuration key `discover_models` from the upstream to the catalog of guests. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Config } from "../../../generated/ir/config.ts";
import { createHost } from "../../../src/host/create-host.ts";
import type { Host } from "../../../src/host/host.ts";
import { memoryLog } from "../../helpers/memory-log.ts";
import { answer, type Behaviour, OpenAiServer } from "../../helpers/openai-server.ts";
import { turns } from "../../transport/http/fixture.ts";

type Backend = NonNullable<Config["backends"]>[string];

async function withHost(
	script: readonly Behaviour[],
	table: Partial<Backend>,
	run: (host: Host, server: OpenAiServer, log: ReturnType<typeof memoryLog>) => Promise<void>,
): Promise<void> {
	const server = await OpenAiServer.start(...script);
	const up = { kind: "openai-compatible", base_url: server.baseUrl, operations: ["chat_completions"], ...table };
	const log = memoryLog();
	const host = await createHost({ config: { backends: { up } }, logger: log.logger });
	try {
		await run(host, server, log);
	} finally {
		await host.close();
		await server.close();
	}
}

const LIST = answer.json({
	data: [
		{ id: "small", max_model_len: 8192 },
		{ id: "vectors", type: "embedding" },
	],
});

/** Returns the models of chat that guests see. */
const chats = (host: Host) =>
	host
		.client()
		.catalog()
		.find(({ operation }) => operation === "chat_completions")
		?.models.map(({ name, limits, isDefault }) => ({ name, limits, isDefault }));

/** Resolves when the host has read the answer to a request. */
async function answered(server: OpenAiServer, index = 0): Promise<void> {
	await (await server.request(index)).ended;
	await turns(20);
}

test("guests see the models of the upstream after the list was read, and every model can still be named", () =>
	withHost(
		[LIST, answer.json({ choices: [{ message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }] })],
		{ discover_models: true },
		async (host, server) => {
			assert.equal(chats(host), []);
			await answered(server);
			assert.equal(chats(host), [{ name: "small", limits: { context_tokens: 8192 }, isDefault: false }]);
			assert.is(server.requests.length, 1);
			const messages = [{ role: "user" as const, content: [{ type: "text" as const, text: "hi" }], tool_calls: [] }];
			const { payload } = await host.client().call("chat_completions", { messages, tools: [], model: "not-listed" });
			assert.equal(payload.message.content, [{ type: "text", text: "Hi" }]);
		},
	));

test("configured models win, and only limits that the upstream states for them are added", () =>
	withHost([LIST], { discover_models: true, models: [{ name: "mine", upstream: "small" }, "other"] }, async (host, server) => {
		chats(host);
		await answered(server);
		assert.equal(chats(host), [
			{ name: "mine", limits: { context_tokens: 8192 }, isDefault: true },
			{ name: "other", limits: {}, isDefault: false },
		]);
	}));

test("an upstream that fails changes nothing, and the log says so once", () =>
	withHost([answer.status(500)], { discover_models: true }, async (host, server, log) => {
		chats(host);
		await answered(server);
		assert.equal(chats(host), []);
		assert.is(server.requests.length, 1);
		const [warning, ...more] = log.at("warn");
		assert.match(warning?.message ?? "", /^the models of backend up cannot be listed: the backend failed \(status 500\)/);
		assert.equal(more, []);
	}));

test("without the key, nothing is asked", () =>
	withHost([], {}, async (host, server) => {
		chats(host);
		await turns(20);
		assert.is(server.requests.length, 0);
	}));

test("closing the host ends a request in flight", () =>
	withHost([answer.silence()], { discover_models: true }, async (host, server) => {
		chats(host);
		const request = await server.request(0);
		await host.close();
		assert.equal(await request.ended, { clientClosed: true });
	}));

test.run();
