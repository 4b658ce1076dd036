/** An upstream that repeats the key where a successful answer names the response, the model, or the models that there are. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../src/host/create-host.ts";
import type { Host } from "../../src/host/host.ts";
import { redactedResult } from "../../src/host/redacted-result.ts";
import { createMask } from "../../src/redaction/secrets.ts";
import { answer, type Behaviour, OpenAiServer, sse } from "../helpers/openai-server.ts";

const KEY = "result-canary-7c2e9b04";
const BASE64 = Buffer.from(`user:${KEY}`).toString("base64");

const MESSAGES = [{ role: "user" as const, content: [{ type: "text" as const, text: "hi" }], tool_calls: [] }];

async function withHost(script: readonly Behaviour[], run: (host: Host) => Promise<void>): Promise<void> {
	const server = await OpenAiServer.start(...script);
	const up = { kind: "openai-compatible", base_url: server.baseUrl, api_key_env: "KEY" };
	const host = await createHost({ config: { host: { log_level: "silent" }, backends: { up } }, env: { KEY } });
	try {
		await run(host);
	} finally {
		await host.close();
		await server.close();
	}
}

const choice = (text: string) => ({ index: 0, finish_reason: "stop", message: { role: "assistant", content: text } });

test("the id and the model of an answer do not show the key, and the text stays as the model wrote it", () =>
	withHost([answer.json({ id: `id-${BASE64}`, model: `m ${KEY.toUpperCase()}`, choices: [choice(`I am ${KEY}`)] })], async (host) => {
		const { payload } = await host.client().call("chat_completions", { messages: MESSAGES, tools: [], model: "m" });
		assert.equal([payload.model, payload.message.content], ["m [redacted]", [{ type: "text", text: `I am ${KEY}` }]]);
		assert.match(payload.id ?? "", /^id-.{0,8}\[redacted\]$/);
	}));

test("the id and the model of a stream do not show the key", () =>
	withHost(
		[answer.stream(sse([{ id: KEY, model: KEY, choices: [{ index: 0, delta: { content: "x" }, finish_reason: "stop" }] }]))],
		async (host) => {
			const seen: unknown[] = [];
			for await (const event of host.client().stream("chat_completions", { messages: MESSAGES, tools: [], model: "m" })) seen.push(event);
			const last: unknown = seen.at(-1);
			assert.match(JSON.stringify(last), '"id":"[redacted]","model":"[redacted]"');
			assert.not(JSON.stringify(seen).includes(KEY));
		},
	));

test("models whose names repeat the key are in no list", () =>
	withHost([answer.json({ data: [{ id: "small" }, { id: KEY }, { id: `x-${BASE64}` }] })], async (host) => {
		const [check] = await host.checkBackends();
		assert.equal(check?.models, [{ name: "small" }]);
	}));

test("a result without the key is the same object", () => {
	const result = { id: "a", model: "b", n: 1 };
	assert.is(redactedResult(result, createMask([KEY])), result);
	assert.equal(redactedResult({ id: KEY, n: 1 }, createMask([KEY])), { id: "[redacted]", n: 1 });
});

test.run();
