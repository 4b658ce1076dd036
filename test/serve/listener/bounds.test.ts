import { connect } from "node:net";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { answer, OpenAiServer, sse } from "../../helpers/openai-server.ts";
import { openRaw, type RawConnection } from "../../helpers/raw-http.ts";
import { type Served, served } from "../../helpers/served.ts";

/** Clients that are slow, and clients that are many. */
const test = suite("bounds of the listener");

const HOST = "Host: localhost\r\n";
const GET = `GET /healthz HTTP/1.1\r\n${HOST}\r\n`;
const POST = `POST /v1/chat/completions HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Sends a byte again and again until the connection is closed. */
function trickle({ socket }: RawConnection, text: string, everyMs: number): void {
	let at = 0;
	const timer = setInterval(() => {
		if (socket.destroyed) clearInterval(timer);
		else socket.write(text[at++ % text.length] ?? "");
	}, everyMs);
	socket.once("close", () => clearInterval(timer));
}

test("a header that does not arrive in time ends its connection, byte by byte too, and so does silence", async () => {
	const at = await served({ server: { header_timeout_ms: 300 } });
	const slow = openRaw(at.port, `GET /healthz HTTP/1.1\r\n${HOST}X: `);
	trickle(slow, "a", 20);
	const [answered, silent] = await Promise.all([slow.closed, openRaw(at.port).closed]);
	assert.match(answered, /^HTTP\/1\.1 408 /);
	assert.match(silent, /^HTTP\/1\.1 408 /);
	await at.close();
});

test("a body that stops ends its request, and so does one that comes byte by byte", async () => {
	const at = await served({ server: { body_timeout_ms: 300 } });
	const begun = `${POST}Content-Length: 100000\r\n\r\n{"a": "`;
	const stopped = openRaw(at.port, begun);
	const slow = openRaw(at.port, begun);
	trickle(slow, "a", 20);
	const chunked = openRaw(at.port, `${POST}Transfer-Encoding: chunked\r\n\r\n`);
	trickle(chunked, "1\r\na\r\n", 5);
	for (const { closed } of [stopped, slow, chunked]) assert.match(await closed, /^HTTP\/1\.1 408 /);
	await until(() => at.log.filter(({ message }) => message.startsWith("POST")).length === 3);
	await at.close();
});

test("a large body on a steady line takes longer than the time without a byte", async () => {
	const at = await served({ server: { body_timeout_ms: 500 } });
	const body = Buffer.from(JSON.stringify({ model: "absent", messages: [{ role: "user", content: "x".repeat(40_000) }] }));
	const { socket, closed } = openRaw(at.port, `${POST}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n`);
	for (let sent = 0; sent < body.length; sent += 2_048) {
		socket.write(body.subarray(sent, sent + 2_048));
		await new Promise((resolve) => setTimeout(resolve, 60));
	}
	// The request arrived whole: there is no such model.
	assert.match(await closed, /^HTTP\/1\.1 404 /);
	await at.close();
});

const DELTA = {
	id: "1",
	object: "chat.completion.chunk",
	created: 1,
	model: "m",
	choices: [{ index: 0, delta: { role: "assistant", content: "x".repeat(4_000) }, finish_reason: null }],
};

test("a client that reads nothing is closed, and its upstream is cancelled", async () => {
	const upstream = await OpenAiServer.start(answer.flood(sse([DELTA], { done: false })));
	const backends = { up: { kind: "openai-compatible" as const, base_url: upstream.baseUrl, models: ["m"] } };
	const at = await served({ backends, server: { write_timeout_ms: 500 } });
	const body = JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "x" }] });
	const { socket } = openRaw(at.port, `${POST}Content-Length: ${body.length}\r\n\r\n${body}`);
	socket.pause();
	const { ended } = await upstream.request(0);
	assert.equal(await ended, { clientClosed: true });
	await until(() => at.log.some(({ fields }) => "is_cut" in fields));
	socket.destroy();
	await at.close();
	await upstream.close();
});

test("a client that waits for a slow upstream is not closed by the bound on slow clients", async () => {
	const upstream = await OpenAiServer.start(async (response) => {
		await new Promise((resolve) => setTimeout(resolve, 700));
		await answer.stream(sse([{ ...DELTA, choices: [{ index: 0, delta: { content: "so" }, finish_reason: "stop" }] }]))(
			response,
			undefined as never,
		);
	});
	const backends = { up: { kind: "openai-compatible" as const, base_url: upstream.baseUrl, models: ["m"] } };
	const at = await served({ backends, server: { write_timeout_ms: 200 } });
	const body = JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "x" }] });
	const text = await openRaw(at.port, `${POST}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`).closed;
	assert.match(text, /"so"/);
	await at.close();
	await upstream.close();
});

test("an idle connection is closed after its time, and one in use is kept", async () => {
	const at = await served({ server: { keep_alive_ms: 200 } });
	const connection = openRaw(at.port, GET);
	for (const count of [1, 2, 3]) {
		await until(() => (connection.received().match(/"alive"/g)?.length ?? 0) === count);
		await new Promise((resolve) => setTimeout(resolve, 120));
		if (count < 3) connection.socket.write(GET);
	}
	await connection.closed;
	await at.close();
});

test("beyond max_connections, the longest idle is closed in favour of a new one", async () => {
	const at = await served({ server: { max_connections: 3 } });
	const idle = [openRaw(at.port, GET), openRaw(at.port, GET), openRaw(at.port, GET)];
	for (const each of idle) await each.until(/"alive"/);
	idle[0]?.socket.write(GET);
	await until(() => (idle[0]?.received().match(/"alive"/g)?.length ?? 0) === 2);
	const next = openRaw(at.port, GET);
	await next.until(/"alive"/);
	await idle[1]?.closed;
	assert.not.ok(idle[0]?.socket.closed);
	assert.not.ok(idle[2]?.socket.closed);
	const warnings = at.log.filter(({ level, message }) => level === "warn" && message.includes("max_connections"));
	assert.is(warnings.length, 1);
	for (const { socket } of [...idle, next]) socket.destroy();
	await at.close();
});

test("connections with a request are not closed for new ones", async () => {
	const upstream = await OpenAiServer.start(answer.silence(), answer.silence());
	const backends = { up: { kind: "openai-compatible" as const, base_url: upstream.baseUrl, models: ["m"] } };
	const at = await served({ backends, server: { max_connections: 2 } });
	const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }] });
	const request = `${POST}Content-Length: ${body.length}\r\n\r\n${body}`;
	const busy = [openRaw(at.port, request), openRaw(at.port, request)];
	await upstream.request(1);
	assert.is(await openRaw(at.port, GET).closed, "");
	assert.not.ok(busy.some(({ socket }) => socket.closed));
	busy[0]?.socket.destroy();
	await upstream.requests[0]?.ended;
	await openRaw(at.port, GET).until(/"alive"/);
	busy[1]?.socket.destroy();
	await at.close();
	await upstream.close();
});

test("a flood of idle connections shuts no client out, and takes bounded memory", async () => {
	const at = await served({ server: { max_connections: 200 } });
	const before = process.memoryUsage().rss;
	const open = new Set<RawConnection>();
	for (let made = 0; made < 2_000; made += 100) {
		const some = Array.from({ length: 100 }, () => openRaw(at.port));
		await Promise.all(some.map(({ socket }) => new Promise((resolve) => socket.once("connect", resolve).once("close", resolve))));
		for (const each of some) {
			open.add(each);
			void each.closed.then(() => open.delete(each));
		}
		if (made % 500 === 0) await openRaw(at.port, GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).until(/"alive"/);
	}
	await until(() => open.size <= 200);
	assert.ok(process.memoryUsage().rss - before < 150_000_000);
	for (const { socket } of open) socket.destroy();
	await at.close();
});

test("beyond max_requests, work is refused with 503, and health is answered", async () => {
	const upstream = await OpenAiServer.start(answer.silence(), answer.silence());
	const backends = { up: { kind: "openai-compatible" as const, base_url: upstream.baseUrl, models: ["m"] } };
	const at = await served({ backends, server: { max_requests: 2 } });
	const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }] });
	const request = `${POST}Content-Length: ${body.length}\r\n\r\n${body}`;
	const busy = [openRaw(at.port, request), openRaw(at.port, request)];
	await upstream.request(1);
	const refused = await openRaw(at.port, request).until(/\r\n\r\n/);
	assert.match(refused, /^HTTP\/1\.1 503 /);
	assert.match(refused, /\r\nretry-after: 1\r\n/i);
	await openRaw(at.port, GET).until(/"alive"/);
	for (const { socket } of busy) socket.destroy();
	await at.close();
	await upstream.close();
});

test("a refused WebSocket closes its connection, although its client does not", async () => {
	const at = await served({});
	const upgrade =
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
	const socket = connect({ port: at.port, host: "127.0.0.1", allowHalfOpen: true });
	// The server has closed both sides when it resets what is written.
	const reset = new Promise((resolve) => socket.once("error", resolve));
	socket.resume();
	socket.write(`GET /absent HTTP/1.1\r\n${HOST}${upgrade}`);
	const timer = setInterval(() => socket.write("x"), 10);
	await reset;
	clearInterval(timer);
	await at.close();
});

test("requests that wait behind another on a closed connection end too", async () => {
	const upstream = await OpenAiServer.start(answer.silence(), answer.silence(), answer.silence());
	const backends = { up: { kind: "openai-compatible" as const, base_url: upstream.baseUrl, models: ["m"] } };
	const at = await served({ backends });
	const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }] });
	const { socket } = openRaw(at.port, `${POST}Content-Length: ${body.length}\r\n\r\n${body}`.repeat(3));
	await upstream.request(2);
	socket.destroy();
	for (const { ended } of upstream.requests) assert.equal(await ended, { clientClosed: true });
	assert.is(await closed(at), 0);
	await upstream.close();
});

async function closed(at: Served): Promise<number> {
	const cancelled = await at.server.close();
	await at.host.close();
	return cancelled;
}

test.run();
