import { connect } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { answer, OpenAiServer, sse } from "../../helpers/openai-server.ts";
import { openRaw } from "../../helpers/raw-http.ts";
import { served } from "../../helpers/served.ts";

/** What happens to requests when the server stops. */
const test = suite("drain of the server");

const HOST = "Host: localhost\r\n";
const GET = `GET /healthz HTTP/1.1\r\n${HOST}\r\n`;

function chunk(content: string, finish: string | null = null): object {
	const choices = [{ index: 0, delta: { role: "assistant", content }, finish_reason: finish }];
	return { id: "1", object: "chat.completion.chunk", created: 1, model: "m", choices };
}

function post(stream: boolean): string {
	const body = JSON.stringify({ model: "m", stream, messages: [{ role: "user", content: "x" }] });
	return `POST /v1/chat/completions HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const WHOLE = {
	id: "1",
	object: "chat.completion",
	created: 1,
	model: "m",
	choices: [{ index: 0, message: { role: "assistant", content: "whole" }, finish_reason: "stop" }],
};

test("streams and answers that had begun end whole, and their connections are closed then", async () => {
	const go = Promise.withResolvers<void>();
	const upstream = await OpenAiServer.start(
		async (response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			response.write(sse([chunk("first")], { done: false }));
			await go.promise;
			response.end(sse([chunk("last", "stop")]));
		},
		async (response) => {
			await go.promise;
			response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(WHOLE));
		},
	);
	const backends = { up: { kind: "openai-compatible" as const, base_url: upstream.baseUrl, models: ["m"] } };
	const at = await served({ backends });
	const idle = openRaw(at.port, GET);
	await idle.until(/"alive"/);
	const stream = openRaw(at.port, post(true));
	await stream.until(/first/);
	const whole = openRaw(at.port, post(false));
	await upstream.request(1);
	const half = openRaw(at.port, post(false).slice(0, -10));
	await new Promise((resolve) => setTimeout(resolve, 50));
	const closing = at.server.close({ drainMs: 20_000 });
	await idle.closed;
	const refused = await new Promise((resolve) => {
		connect(at.port, "127.0.0.1")
			.once("error", () => resolve(true))
			.once("connect", () => resolve(false));
	});
	assert.ok(refused);
	upstream.script(answer.json(WHOLE));
	half.socket.write(post(false).slice(-10));
	assert.match(await half.closed, /"whole"/);
	go.resolve();
	const [streamed, answered] = await Promise.all([stream.closed, whole.closed]);
	assert.match(streamed, /last[\s\S]*data: \[DONE\]\n\n\r\n0\r\n\r\n$/);
	assert.match(answered, /"whole"/);
	assert.match(answered, /\r\nconnection: close\r\n/i);
	assert.is(await closing, 0);
	await at.host.close();
	await upstream.close();
});

test("a request on a kept connection during the drain is refused, and its connection is closed", async () => {
	const go = Promise.withResolvers<void>();
	const upstream = await OpenAiServer.start(async (response) => {
		await go.promise;
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(WHOLE));
	});
	const backends = { up: { kind: "openai-compatible" as const, base_url: upstream.baseUrl, models: ["m"] } };
	const at = await served({ backends });
	// The second request waits behind the first on its connection.
	const connection = openRaw(at.port, post(false));
	await upstream.request(0);
	const closing = at.server.close({ drainMs: 20_000 });
	go.resolve();
	const text = await connection.closed;
	assert.is(text.match(/HTTP\/1\.1 /g)?.length, 1);
	assert.match(text, /"whole"/);
	assert.is(await closing, 0);
	await at.host.close();
	await upstream.close();
});

test("what does not end within the drain is cancelled, at the upstream too, and counted", async () => {
	const upstream = await OpenAiServer.start(answer.silence());
	const backends = { up: { kind: "openai-compatible" as const, base_url: upstream.baseUrl, models: ["m"] } };
	const at = await served({ backends });
	const connection = openRaw(at.port, post(false));
	const request = await upstream.request(0);
	assert.is(await at.server.close({ drainMs: 100 }), 1);
	await connection.closed;
	assert.equal(await request.ended, { clientClosed: true });
	await at.host.close();
	await upstream.close();
});

test.run();
