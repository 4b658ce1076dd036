import { createServer, type Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { HttpClient } from "../../../src/transport/http/client.ts";
import { answer, sse } from "../../helpers/openai-server.ts";
import { against, failure, post, turns } from "./fixture.ts";

let before: string[] = [];
test.before(() => {
	before = active();
});

/** Resources of a client that would keep the process alive. */
function active(): string[] {
	return process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|GetAddrInfo/.test(name));
}

/** A server that accepts connections and sends nothing. With TLS, such a connection is never established. */
async function mutedServer(): Promise<{
	url: URL;
	sockets: Socket[];
	connected: (count: number) => Promise<void>;
	close: () => Promise<void>;
}> {
	const sockets: Socket[] = [];
	let changed = () => {};
	const server = createServer((socket) => {
		socket.on("error", () => {}).resume();
		sockets.push(socket);
		changed();
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("no port");
	return {
		url: new URL(`https://127.0.0.1:${address.port}/v1`),
		sockets,
		async connected(count) {
			while (sockets.length < count) await new Promise<void>((resolve) => (changed = resolve));
		},
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function closed(socket: Socket): Promise<void> {
	return new Promise((resolve) => (socket.destroyed ? resolve() : socket.on("close", () => resolve())));
}

test("a request whose signal is already aborted sends nothing and fails with the reason", () =>
	against([], async (client, server) => {
		const reason = new SpearError("timeout", "too late");
		assert.is(await failure(client.requestJson(post({ signal: AbortSignal.abort(reason) }))), reason);
		assert.is((await failure(client.requestJson(post({ signal: AbortSignal.abort() })))).code, "cancelled");
		assert.is(server.requests.length, 0);
		assert.is(server.openSockets, 0);
	}));

test("an abort before the answer closes the socket", () =>
	against([answer.silence()], async (client, server) => {
		const abort = new AbortController();
		const result = failure(client.requestJson(post({ signal: abort.signal })));
		const { ended } = await server.request(0);
		const reason = new SpearError("cancelled", "the guest dropped the handle");
		abort.abort(reason);
		assert.is(await result, reason);
		assert.ok((await ended).clientClosed);
	}));

test("an abort closes the socket of a stream while no reader waits", () =>
	against([answer.stall(sse([1, 2], { done: false }))], async (client, server) => {
		const abort = new AbortController();
		const events = client.openStream(post({ signal: abort.signal }), "[DONE]");
		assert.is((await events.next()).value?.data, "1");
		const { ended } = await server.request(0);
		abort.abort();
		assert.ok((await ended).clientClosed);
		assert.is((await events.next()).value?.data, "2"); // It arrived with the first.
		assert.is((await failure(events.next())).code, "cancelled");
	}));

test("a reader that leaves a stream early closes the socket", () =>
	against([answer.stall(sse([1, 2], { done: false }))], async (client, server) => {
		for await (const event of client.openStream(post(), "[DONE]")) {
			assert.is(event.data, "1");
			break;
		}
		assert.ok((await (await server.request(0)).ended).clientClosed);
	}));

test("an abort while connecting closes that connection and no other", async () => {
	const server = await mutedServer();
	const client = new HttpClient({ baseUrl: server.url });
	const abort = new AbortController();
	const first = failure(client.requestJson(post({ signal: abort.signal })));
	await server.connected(1);
	const second = failure(client.requestJson(post()));
	await server.connected(2);
	abort.abort();
	assert.is((await first).code, "cancelled");
	const [one, two] = server.sockets;
	assert.ok(one !== undefined && two !== undefined);
	await closed(one);
	assert.not.ok(two.destroyed);
	await client.close();
	assert.equal((await second).toRecord(), {
		code: "cancelled",
		message: "the backend was shut down while it served this call",
		retryable: false,
	});
	await closed(two);
	await server.close();
});

test("a connection that is not established in time is a timeout", async () => {
	const server = await mutedServer();
	const client = new HttpClient({ baseUrl: server.url, timeouts: { connectTimeoutMs: 40 } });
	const error = await failure(client.requestJson(post()));
	assert.is(error.processed, "no");
	assert.equal(error.toRecord(), {
		code: "timeout",
		message: "no connection to the backend within 40 ms (connect_timeout_ms of the backend)",
		retryable: true,
	});
	await Promise.all(server.sockets.map(closed));
	await client.close();
	await server.close();
});

test("an answer without a first byte in time, before or after its headers, is a timeout", () =>
	against(
		[answer.silence(), answer.stall()],
		async (client, server) => {
			for (const index of [0, 1]) {
				const error = await failure(client.requestJson(post()));
				assert.is(error.attribution, "backend");
				assert.is(error.processed, "unknown");
				assert.equal(error.toRecord(), {
					code: "timeout",
					message: "the backend sent no answer within 40 ms (first_byte_timeout_ms of the backend)",
					retryable: true,
				});
				assert.ok((await (await server.request(index)).ended).clientClosed);
			}
		},
		{ timeouts: { firstByteTimeoutMs: 40 } },
	));

test("a silent stream is a timeout only while a reader waits", () =>
	against(
		[answer.stall(sse([1], { done: false }))],
		async (client, server) => {
			const events = client.openStream(post(), "[DONE]");
			await events.next();
			await new Promise((resolve) => setTimeout(resolve, 90)); // More than twice the limit, with no reader.
			assert.is(server.openSockets, 1);
			assert.equal((await failure(events.next())).toRecord(), {
				code: "timeout",
				message: "the backend sent nothing more within 40 ms (idle_timeout_ms of the backend)",
				retryable: true,
			});
		},
		{ timeouts: { idleTimeoutMs: 40 } },
	));

test("an abort while the body of a failure is read is reported as an abort", () =>
	against([answer.status(503, "down", { "content-length": "100" })], async (client, server) => {
		const abort = new AbortController();
		const result = failure(client.requestJson(post({ signal: abort.signal })));
		await server.request(0);
		await turns(2);
		abort.abort();
		assert.is((await result).code, "cancelled");
	}));

test("closing the client ends requests in flight and refuses later ones", () =>
	against([answer.silence(), answer.stall(sse([1], { done: false }))], async (client, server) => {
		const waiting = failure(client.requestJson(post()));
		await server.request(0);
		const events = client.openStream(post());
		await events.next();
		const reading = failure(events.next());
		await client.close();
		const shut = { code: "cancelled", message: "the backend was shut down while it served this call", retryable: false };
		assert.equal((await waiting).toRecord(), shut);
		assert.equal((await reading).toRecord(), shut);
		assert.equal((await failure(client.requestJson(post()))).toRecord(), {
			code: "backend_error",
			message: "the backend was shut down; send the call again",
			retryable: true,
		});
	}));

test("no resource of a client keeps the process alive after the tests above", async () => {
	await turns(5);
	const more = active().filter(
		(name) => active().filter((other) => other === name).length > before.filter((other) => other === name).length,
	);
	assert.equal(more, []);
});

test.run();
