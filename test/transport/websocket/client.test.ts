import { createServer } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cancelledError, type SpearError } from "../../../src/errors/spear-error.ts";
import { WebSocketClient, type WebSocketOptions, type WebSocketRequest } from "../../../src/transport/websocket/client.ts";
import type { WebSocketConnection } from "../../../src/transport/websocket/connection.ts";
import { type RealtimePeer, RealtimeServer, type SessionBehaviour, type SessionScript } from "../../helpers/realtime-server.ts";
import { OPCODES, serverFrame } from "../../helpers/websocket-frames.ts";
import { failure, turns } from "../http/fixture.ts";

const SECRET = "sk-secret-0123456789";
const never = new AbortController().signal;

function request(more: Partial<WebSocketRequest> = {}): WebSocketRequest {
	return { path: "/talk", signal: never, secret: SECRET, ...more };
}

/** Runs a test against a server with this script, and checks that no socket is left open after it. */
async function against(
	script: SessionScript | SessionBehaviour,
	run: (client: WebSocketClient, server: RealtimeServer) => Promise<void>,
	options: Partial<WebSocketOptions> = {},
): Promise<void> {
	const server = await RealtimeServer.start(script);
	const client = new WebSocketClient({ baseUrl: new URL(server.baseUrl), ...options });
	try {
		await run(client, server);
		await client.close();
		await server.quiet();
		assert.equal(server.faults, []);
	} finally {
		await client.close();
		await server.close();
	}
}

async function all(connection: WebSocketConnection): Promise<string[]> {
	const messages: string[] = [];
	for await (const message of connection.messages()) messages.push(message);
	return messages;
}

/** What a guest sees of an error, and that it gives nothing away. */
function shown(error: SpearError): [string, string, boolean] {
	assert.not.match(error.message, /127\.0\.0\.1|talk|secret/);
	return [error.code, error.message, error.retryable];
}

test("the opening handshake, messages both ways, and an orderly end", async () => {
	await against(
		async (peer) => {
			await peer.send("one", "zwei ☃");
			await peer.next("hello");
		},
		async (client, server) => {
			const connection = await client.connect(request({ query: { model: "a b" }, headers: { authorization: `Bearer ${SECRET}` } }));
			const messages = connection.messages();
			assert.equal([(await messages.next()).value, (await messages.next()).value], ["one", "zwei ☃"]);
			await connection.send('{"type":"hello"}');
			await connection.close();
			assert.is((await messages.next()).done, true);
			const peer = await server.peer(0);
			assert.is(peer.path, "/v1/talk?model=a+b");
			assert.equal([peer.headers.authorization, peer.headers["x-more"]], [`Bearer ${SECRET}`, "1"]);
			assert.equal(peer.received, [{ type: "hello" }]);
			assert.is((await peer.ended).code, 1000);
		},
		{ headers: { "x-more": "1" } },
	);
});

test("a message in fragments is one message", async () => {
	await against(
		async (peer) => {
			const [first, second] = [Buffer.from("hel"), Buffer.from("lo")];
			await peer.raw(serverFrame(OPCODES.text, first, { fin: false }));
			await peer.raw(serverFrame(OPCODES.ping, "in between"));
			await peer.raw(serverFrame(OPCODES.continuation, second));
			peer.close();
		},
		async (client) => {
			assert.equal(await all(await client.connect(request())), ["hello"]);
		},
	);
});

test("a handshake that is refused says why, by the status", async () => {
	const body = { error: { message: `Incorrect API key ${SECRET} at 127.0.0.1` } };
	await against({ handshake: { status: 401, body } }, async (client) => {
		const error = await failure(client.connect(request()));
		assert.equal(shown(error), [
			"backend_error",
			"the backend refuses the host's credentials (status 401); its operator must check the API key",
			false,
		]);
		assert.not.match(String(error.cause), /secret-/);
	});
	await against({ handshake: { status: 429, body: {}, headers: { "retry-after": "2" } } }, async (client) => {
		const error = await failure(client.connect(request()));
		assert.equal([error.code, error.retryAfterMs], ["rate_limited", 2000]);
	});
	await against({ handshake: { status: 200, body: {} } }, async (client) => {
		assert.equal(shown(await failure(client.connect(request()))), ["backend_error", "the backend refuses the request", false]);
	});
});

test("a connection that is refused, and one whose name leads nowhere", async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	assert.ok(address !== null && typeof address !== "string");
	await new Promise((resolve) => server.close(resolve));
	const client = new WebSocketClient({ baseUrl: new URL(`http://127.0.0.1:${address.port}`) });
	assert.equal(shown(await failure(client.connect(request()))), ["backend_error", "the backend refuses connections; it may be down", true]);
	await client.close();
});

test("a server that does not answer the handshake in time", async () => {
	await against(
		{ handshake: "silence" },
		async (client) => {
			const error = await failure(client.connect(request()));
			assert.equal(shown(error), ["timeout", "the backend sent no answer within 30 ms (first_byte_timeout_ms of the backend)", true]);
			assert.is(error.processed, "no");
		},
		{ timeouts: { firstByteTimeoutMs: 30 } },
	);
});

test("how the other side closes decides what it means", async () => {
	const cases: [number, string, [string, string, boolean] | undefined][] = [
		[1000, "bye", undefined],
		[1001, "", ["backend_error", "the backend is going away (close code 1001)", true]],
		[1008, `no ${SECRET}`, ["backend_error", "the backend ended the session by its policy (close code 1008): no [redacted]", false]],
		[1011, "oops", ["backend_error", "the backend failed (close code 1011): oops", true]],
		[1013, "", ["rate_limited", "the backend asks to try again later (close code 1013)", true]],
		[4001, "see http://a.example", ["backend_error", "the backend ended the session (close code 4001): see [url]", false]],
	];
	for (const [code, reason, expected] of cases) {
		await against(
			async (peer) => {
				await peer.send("last words");
				peer.close(code, reason);
			},
			async (client) => {
				const messages = (await client.connect(request())).messages();
				assert.is((await messages.next()).value, "last words");
				if (expected === undefined) assert.is((await messages.next()).done, true);
				else assert.equal(shown(await failure(messages.next())), expected);
			},
		);
	}
});

test("a connection that is cut", async () => {
	await against(
		(peer) => peer.cut(),
		async (client) => {
			const connection = await client.connect(request());
			const error = await failure(all(connection));
			assert.equal(shown(error), ["backend_error", "the backend's answer ended before it was complete", true]);
			assert.is(error.processed, "unknown");
			assert.is(await failure(connection.send("x")), error);
		},
	);
});

test("what is no text, too large, or no WebSocket at all ends the connection", async () => {
	const broken = "the backend's answer is malformed: it breaks the WebSocket protocol";
	const tooLarge = "the backend's answer is malformed: a message is larger than 1000 bytes";
	const cases: [(peer: RealtimePeer) => Promise<void>, string][] = [
		[(peer) => peer.raw(serverFrame(OPCODES.binary, "bytes")), "the backend's answer is malformed: it sends binary messages"],
		[(peer) => peer.send("x".repeat(1001)), tooLarge],
		[
			(peer) =>
				peer
					.raw(serverFrame(OPCODES.text, "x".repeat(600), { fin: false }))
					.then(() => peer.raw(serverFrame(OPCODES.continuation, "x".repeat(600)))),
			tooLarge,
		],
		[(peer) => peer.raw(Buffer.from([0xf1, 0x00])), broken],
		[(peer) => peer.raw(serverFrame(OPCODES.text, Buffer.from([0xff, 0xfe]))), broken],
	];
	for (const [behaviour, message] of cases) {
		await against(
			behaviour,
			async (client) => {
				const error = await failure(all(await client.connect(request())));
				assert.equal(shown(error), ["backend_error", message, false]);
			},
			{ maxMessageBytes: 1000 },
		);
	}
	await against(
		(peer) => peer.send("x".repeat(1000)).then(() => peer.close()),
		async (client) => {
			assert.is((await all(await client.connect(request())))[0]?.length, 1000);
		},
		{ maxMessageBytes: 1000 },
	);
});

test("an abort closes the socket at once: while it connects, and while it is open", async () => {
	await against({ handshake: "silence" }, async (client, server) => {
		const controller = new AbortController();
		const connecting = failure(client.connect(request({ signal: controller.signal })));
		while (server.openSockets === 0) await turns(1);
		controller.abort(cancelledError("given up"));
		assert.equal(shown(await connecting), ["cancelled", "given up", false]);
		await server.quiet();
	});
	await against(
		() => {},
		async (client, server) => {
			const controller = new AbortController();
			const connection = await client.connect(request({ signal: controller.signal }));
			const reading = failure(all(connection));
			const peer = await server.peer(0);
			const aborted = performance.now();
			controller.abort(cancelledError("given up"));
			assert.equal(shown(await reading), ["cancelled", "given up", false]);
			const { code, at } = await peer.ended;
			assert.is(code, undefined);
			assert.ok(at - aborted < 50, `took ${at - aborted} ms`);
		},
	);
});

test("closing the client ends every connection, and makes no new one", async () => {
	await against(
		() => {},
		async (client) => {
			const reading = failure(all(await client.connect(request())));
			await client.close();
			assert.equal(shown(await reading), ["cancelled", "the backend was shut down while it served this call", false]);
			assert.equal(shown(await failure(client.connect(request()))), [
				"backend_error",
				"the backend was shut down; send the call again",
				true,
			]);
		},
	);
});

test("an end without the other side's consent comes all the same", async () => {
	await against(
		(peer) => {
			peer.wellBehaved = false;
		},
		async (client, server) => {
			const connection = await client.connect(request());
			const reading = all(connection);
			await connection.close();
			assert.equal(await reading, []);
			assert.is((await (await server.peer(0)).ended).code, 1000);
		},
	);
});

test("while nobody reads, the other side is made to wait", async () => {
	const MESSAGES = 2000;
	let sent = 0;
	let stalled = Promise.withResolvers<void>();
	await against(
		async (peer) => {
			for (; sent < MESSAGES; sent++) {
				const taken = peer.send(String(sent).padEnd(10_000));
				const timer = setTimeout(stalled.resolve, 200);
				await taken;
				clearTimeout(timer);
			}
			peer.close();
		},
		async (client) => {
			const connection = await client.connect(request());
			const messages = connection.messages();
			assert.is((await messages.next()).value?.trim(), "0");
			await stalled.promise;
			stalled = Promise.withResolvers();
			assert.ok(sent < MESSAGES, `all ${sent} messages of 10 kB were taken although nobody read them`);
			let next = 1;
			for await (const message of messages) assert.is(Number(message), next++);
			assert.is(next, MESSAGES);
		},
	);
});

test("while the other side takes nothing, who sends is made to wait", async () => {
	await against(
		(peer) => peer.pause(),
		async (client, server) => {
			const connection = await client.connect(request());
			const piece = JSON.stringify({ type: "x", text: "y".repeat(100_000) });
			const ended = failure(all(connection));
			let taken = 0;
			const sending = (async () => {
				for (; taken < 1000; taken++) await connection.send(piece);
			})();
			const before = async (): Promise<number> => {
				for (let last = -1; last !== taken; ) {
					last = taken;
					await new Promise((resolve) => setTimeout(resolve, 50));
				}
				return taken;
			};
			assert.ok((await before()) < 1000, "100 MB were taken although nobody read them");
			(await server.peer(0)).cut();
			await ended;
			assert.is((await failure(sending)).code, "backend_error");
		},
	);
});

test("a silent connection is kept as long as the other side gives a sign of life", async () => {
	await against(
		() => {},
		async (client, server) => {
			const connection = await client.connect(request());
			const ended = failure(all(connection));
			const peer = await server.peer(0);
			while (peer.pings < 4) await new Promise((resolve) => setTimeout(resolve, 5));
			peer.wellBehaved = false;
			assert.equal(shown(await ended), [
				"timeout",
				"the backend sent nothing within 25 ms, not even in reply to a ping (idle_timeout_ms of the backend)",
				true,
			]);
		},
		{ timeouts: { idleTimeoutMs: 25 } },
	);
});

test.run();
