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

/** What keeps the process alive, as far as a client could be the reason. */
function active(): string[] {
	return process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|GetAddrInfo/.test(name));
}

/** Accepts connections and never says a word: over TLS, a connection that never comes about. */
async function deafServer(): Promise<{
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

function closed(socket: Socket): Promise<number> {
	return new Promise((resolve) => (socket.destroyed ? resolve(performance.now()) : socket.on("close", () => resolve(performance.now()))));
}

test("sends nothing for a call that is aborted already, and fails with its reason", () =>
	against([], async (client, server) => {
		const reason = new SpearError("timeout", "too late");
		assert.is(await failure(client.requestJson(post({ signal: AbortSignal.abort(reason) }))), reason);
		assert.is((await failure(client.requestJson(post({ signal: AbortSignal.abort() })))).code, "cancelled");
		assert.is(server.requests.length, 0);
		assert.is(server.openSockets, 0);
	}));

test("an abort before the answer closes the socket at once", () =>
	against([answer.silence()], async (client, server) => {
		const abort = new AbortController();
		const result = failure(client.requestJson(post({ signal: abort.signal })));
		const { ended } = await server.request(0);
		const reason = new SpearError("cancelled", "the guest let go");
		const at = performance.now();
		abort.abort(reason);
		assert.is(await result, reason);
		const ending = await ended;
		assert.ok(ending.hungUp);
		assert.ok(ending.at - at < 50, `closed after ${ending.at - at} ms`);
	}));

test("an abort closes the socket of a stream that nobody reads at that moment", () =>
	against([answer.stall(sse([1, 2], { done: false }))], async (client, server) => {
		const abort = new AbortController();
		const events = client.openStream(post({ signal: abort.signal }), "[DONE]");
		assert.is((await events.next()).value?.data, "1");
		const { ended } = await server.request(0);
		const at = performance.now();
		abort.abort();
		const ending = await ended;
		assert.ok(ending.hungUp);
		assert.ok(ending.at - at < 50, `closed after ${ending.at - at} ms`);
		assert.is((await events.next()).value?.data, "2"); // Had arrived with the first.
		assert.is((await failure(events.next())).code, "cancelled");
	}));

test("a reader that stops early closes the socket", () =>
	against([answer.stall(sse([1, 2], { done: false }))], async (client, server) => {
		for await (const event of client.openStream(post(), "[DONE]")) {
			assert.is(event.data, "1");
			break;
		}
		assert.ok((await (await server.request(0)).ended).hungUp);
	}));

test("an abort while connecting ends that attempt at once and no other", async () => {
	const server = await deafServer();
	const client = new HttpClient({ baseUrl: server.url });
	const abort = new AbortController();
	const first = failure(client.requestJson(post({ signal: abort.signal })));
	await server.connected(1);
	const second = failure(client.requestJson(post()));
	await server.connected(2);
	const at = performance.now();
	abort.abort();
	assert.is((await first).code, "cancelled");
	const [one, two] = server.sockets;
	assert.ok(one !== undefined && two !== undefined);
	assert.ok((await closed(one)) - at < 50);
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

test("a connection that does not come about in time is a timeout", async () => {
	const server = await deafServer();
	const client = new HttpClient({ baseUrl: server.url, timeouts: { connectTimeoutMs: 40 } });
	const at = performance.now();
	const error = await failure(client.requestJson(post()));
	assert.is(error.processed, "no");
	assert.equal(error.toRecord(), {
		code: "timeout",
		message: "no connection to the backend within 40 ms (connect_timeout_ms of the backend)",
		retryable: true,
	});
	assert.ok(performance.now() - at >= 39);
	await Promise.all(server.sockets.map(closed));
	await client.close();
	await server.close();
});

test("an answer that does not begin, or begins with headers only, is a timeout", () =>
	against(
		[answer.silence(), answer.stall()],
		async (client, server) => {
			for (const index of [0, 1]) {
				const error = await failure(client.requestJson(post()));
				assert.equal([error.attribution, error.processed], ["backend", "unknown"]);
				assert.equal(error.toRecord(), {
					code: "timeout",
					message: "the backend sent no answer within 40 ms (first_byte_timeout_ms of the backend)",
					retryable: true,
				});
				assert.ok((await (await server.request(index)).ended).hungUp);
			}
		},
		{ timeouts: { firstByteTimeoutMs: 40 } },
	));

test("a stream that falls silent is a timeout, but only for one who waits", () =>
	against(
		[answer.stall(sse([1], { done: false }))],
		async (client) => {
			const events = client.openStream(post(), "[DONE]");
			await events.next();
			await new Promise((resolve) => setTimeout(resolve, 90)); // Nobody asks: the deadline must not count.
			const at = performance.now();
			assert.equal((await failure(events.next())).toRecord(), {
				code: "timeout",
				message: "the backend sent nothing more within 40 ms (idle_timeout_ms of the backend)",
				retryable: true,
			});
			assert.ok(performance.now() - at >= 39);
		},
		{ timeouts: { idleTimeoutMs: 40 } },
	));

test("an abort while the body of a failure is read is an abort", () =>
	against([answer.status(503, "down", { "content-length": "100" })], async (client, server) => {
		const abort = new AbortController();
		const result = failure(client.requestJson(post({ signal: abort.signal })));
		await server.request(0);
		await turns(2);
		abort.abort();
		assert.is((await result).code, "cancelled");
	}));

test("closing ends calls in flight and refuses later ones", () =>
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

test("nothing keeps the process alive after all this", async () => {
	await turns(5);
	const more = active().filter(
		(name) => active().filter((other) => other === name).length > before.filter((other) => other === name).length,
	);
	assert.equal(more, []);
});

test.run();
