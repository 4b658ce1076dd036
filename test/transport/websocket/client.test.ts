import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cancelledError, type SpearError } from "../../../src/errors/spear-error.ts";
import { WebSocketClient, type WebSocketOptions, type WebSocketRequest } from "../../../src/transport/websocket/client.ts";
import type { WebSocketConnection } from "../../../src/transport/websocket/connection.ts";
import { type RealtimePeer, RealtimeServer, type SessionBehaviour, type SessionScript } from "../../helpers/realtime-server.ts";
import { mostPerTurn } from "../../helpers/turn-count.ts";
import { OPCODES, serverFrame } from "../../helpers/websocket-frames.ts";
import { failure, turns } from "../http/fixture.ts";

const SECRET = "sk-secret-0123456789";
const never = new AbortController().signal;

function request(more: Partial<WebSocketRequest> = {}): WebSocketRequest {
	return { path: "/talk", signal: never, secret: SECRET, ...more };
}

/** Runs a test against a server with this script. Fails if a socket is open after it. */
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

/** Returns the parts of an error that a guest sees. Fails if they hold the address or the secret. */
function shown({ code, message, retryable }: SpearError): { readonly code: string; readonly message: string; readonly retryable: boolean } {
	assert.not.match(message, /127\.0\.0\.1|talk|secret/);
	return { code, message, retryable };
}

test("a connection carries messages in both directions and closes in order", async () => {
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
			assert.is(peer.headers.authorization, `Bearer ${SECRET}`);
			assert.is(peer.headers["x-more"], "1");
			assert.equal(peer.received, [{ type: "hello" }]);
			assert.is((await peer.ended).code, 1000);
		},
		{ headers: { "x-more": "1" } },
	);
});

test("a message in several fragments arrives as one message", async () => {
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

test("informational responses before a handshake is accepted do no harm", () =>
	against({ handshake: "informed", behaviour: (peer) => peer.send("one") }, async (client) => {
		const connection = await client.connect(request());
		assert.is((await connection.messages().next()).value, "one");
		await connection.close();
	}));

test("the body of a refused handshake is decoded", () =>
	against({ handshake: { status: 503, body: gzipSync("busy"), headers: { "content-encoding": "gzip" } } }, async (client) => {
		const { cause } = await failure(client.connect(request()));
		assert.ok(cause instanceof Error && cause.message.endsWith("status 503: busy"), String(cause));
	}));

test("a refused handshake is the error of its status", async () => {
	const body = { error: { message: `Incorrect API key ${SECRET} at 127.0.0.1` } };
	await against({ handshake: { status: 401, body } }, async (client) => {
		const error = await failure(client.connect(request()));
		assert.equal(shown(error), {
			code: "backend_error",
			message: "the backend refuses the host's credentials (status 401); its operator must check the API key",
			retryable: false,
		});
		assert.not.match(String(error.cause), /secret-/);
	});
	await against({ handshake: { status: 429, body: {}, headers: { "retry-after": "2" } } }, async (client) => {
		const error = await failure(client.connect(request()));
		assert.is(error.code, "rate_limited");
		assert.is(error.retryAfterMs, 2000);
	});
	await against({ handshake: { status: 200, body: {} } }, async (client) => {
		assert.equal(shown(await failure(client.connect(request()))), {
			code: "backend_error",
			message: "the backend refuses the request",
			retryable: false,
		});
	});
});

test("a handshake that does not prove to have read the client's key is malformed", async () => {
	await against({ handshake: "wrong-key" }, async (client) => {
		const error = await failure(client.connect(request()));
		assert.equal(shown(error), {
			code: "backend_error",
			message: "the backend's answer is malformed: it is not the opening of a WebSocket",
			retryable: false,
		});
		assert.is(error.processed, "no");
	});
});

test("a port without a server is a refused connection", async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	assert.ok(address !== null && typeof address !== "string");
	await new Promise((resolve) => server.close(resolve));
	const client = new WebSocketClient({ baseUrl: new URL(`http://127.0.0.1:${address.port}`) });
	assert.equal(shown(await failure(client.connect(request()))), {
		code: "backend_error",
		message: "the backend refuses connections; it may be down",
		retryable: true,
	});
	await client.close();
});

test("a handshake without an answer in time is a timeout", async () => {
	await against(
		{ handshake: "silence" },
		async (client) => {
			const error = await failure(client.connect(request()));
			assert.equal(shown(error), {
				code: "timeout",
				message: "the backend sent no answer within 30 ms (first_byte_timeout_ms of the backend)",
				retryable: true,
			});
			assert.is(error.processed, "no");
		},
		{ timeouts: { firstByteTimeoutMs: 30 } },
	);
});

test("each close code of the other side has its own error", async () => {
	const cases: { readonly close: number; readonly reason: string; readonly expected?: ReturnType<typeof shown> }[] = [
		{ close: 1000, reason: "bye" },
		{
			close: 1001,
			reason: "",
			expected: { code: "backend_error", message: "the backend is going away (close code 1001)", retryable: true },
		},
		{
			close: 1008,
			reason: `no ${SECRET}`,
			expected: {
				code: "backend_error",
				message: "the backend ended the session by its policy (close code 1008): no [redacted]",
				retryable: false,
			},
		},
		{
			close: 1011,
			reason: "oops",
			expected: { code: "backend_error", message: "the backend failed (close code 1011): oops", retryable: true },
		},
		{
			close: 1013,
			reason: "",
			expected: { code: "rate_limited", message: "the backend asks to try again later (close code 1013)", retryable: true },
		},
		{
			close: 4001,
			reason: "see http://a.example",
			expected: { code: "backend_error", message: "the backend ended the session (close code 4001): see [url]", retryable: false },
		},
	];
	for (const { close, reason, expected } of cases) {
		await against(
			async (peer) => {
				await peer.send("last message");
				peer.close(close, reason);
			},
			async (client) => {
				const messages = (await client.connect(request())).messages();
				assert.is((await messages.next()).value, "last message");
				if (expected === undefined) assert.is((await messages.next()).done, true);
				else assert.equal(shown(await failure(messages.next())), expected);
			},
		);
	}
});

test("a connection that is cut is an error, for the reader and the sender", async () => {
	await against(
		(peer) => peer.cut(),
		async (client) => {
			const connection = await client.connect(request());
			const error = await failure(all(connection));
			assert.equal(shown(error), {
				code: "backend_error",
				message: "the backend's answer ended before it was complete",
				retryable: true,
			});
			assert.is(error.processed, "unknown");
			assert.is(await failure(connection.send("x")), error);
		},
	);
});

test("the text of a binary message is received", async () => {
	await against(
		(peer) => peer.raw(serverFrame(OPCODES.binary, "bytes")).then(() => peer.close()),
		async (client) => assert.equal(await all(await client.connect(request())), ["bytes"]),
	);
});

test("a message that is too large or breaks the protocol ends the connection", async () => {
	const broken = "the backend's answer is malformed: it breaks the WebSocket protocol";
	const tooLarge = "the backend's answer is malformed: a message is larger than 1000 bytes";
	const cases: [behaviour: (peer: RealtimePeer) => Promise<void>, message: string][] = [
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
				assert.equal(shown(error), { code: "backend_error", message, retryable: false });
			},
			{ maxMessageBytes: 1000 },
		);
	}
});

test("a message of exactly the largest size is accepted", async () => {
	await against(
		(peer) => peer.send("x".repeat(1000)).then(() => peer.close()),
		async (client) => {
			assert.is((await all(await client.connect(request())))[0]?.length, 1000);
		},
		{ maxMessageBytes: 1000 },
	);
});

test("an abort closes the socket, during the handshake and later", async () => {
	await against({ handshake: "silence" }, async (client, server) => {
		const controller = new AbortController();
		const connecting = failure(client.connect(request({ signal: controller.signal })));
		while (server.openSockets === 0) await turns(1);
		controller.abort(cancelledError("the guest dropped the handle"));
		assert.equal(shown(await connecting), { code: "cancelled", message: "the guest dropped the handle", retryable: false });
		await server.quiet();
	});
	await against(
		() => {},
		async (client, server) => {
			const controller = new AbortController();
			const connection = await client.connect(request({ signal: controller.signal }));
			const reading = failure(all(connection));
			const peer = await server.peer(0);
			controller.abort(cancelledError("the guest dropped the handle"));
			assert.equal(shown(await reading), { code: "cancelled", message: "the guest dropped the handle", retryable: false });
			assert.is((await peer.ended).code, undefined);
		},
	);
});

test("closing the client ends open connections and refuses later ones", async () => {
	await against(
		() => {},
		async (client) => {
			const reading = failure(all(await client.connect(request())));
			await client.close();
			assert.equal(shown(await reading), {
				code: "cancelled",
				message: "the backend was shut down while it served this call",
				retryable: false,
			});
			assert.equal(shown(await failure(client.connect(request()))), {
				code: "backend_error",
				message: "the backend was shut down; send the call again",
				retryable: true,
			});
		},
	);
});

test("closing a connection ends it although the other side does not reply", async () => {
	await against(
		(peer) => {
			peer.replies = false;
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

test("many small messages arrive in order, over many turns of the event loop", async () => {
	const MESSAGES = 20_000;
	const block = Buffer.concat(Array.from({ length: MESSAGES }, (_, index) => serverFrame(OPCODES.text, String(index))));
	await against(
		(peer) => peer.raw(block).then(() => peer.close()),
		async (client) => {
			const { items, most } = await mostPerTurn((await client.connect(request())).messages());
			assert.equal(items.map(Number), [...items.keys()]);
			assert.is(items.length, MESSAGES);
			assert.ok(most <= 2 * 256, `${most} messages were handled in one turn`);
		},
	);
});

test("while no reader waits, the other side is slowed down", async () => {
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
			assert.ok(sent < MESSAGES, `all ${sent} messages of 10 kB were accepted although no reader waited`);
			let next = 1;
			for await (const message of messages) assert.is(Number(message), next++);
			assert.is(next, MESSAGES);
		},
	);
});

test("while no reader waits, a side that sends empty messages is slowed down too", async () => {
	const BLOCKS = 300;
	const block = Buffer.concat(Array.from({ length: 32 * 1024 }, () => serverFrame(OPCODES.text, "")));
	const abort = new AbortController();
	const ended = Promise.withResolvers<void>();
	let sent = 0;
	let silentTicks = 0;
	// Counts ticks instead of time: while the client reads, it leaves the loop few of them.
	const ticks = setInterval(() => {
		silentTicks += 1;
		if (silentTicks > 20) ended.resolve();
	}, 10);
	try {
		await against(
			async (peer) => {
				for (; sent < BLOCKS && !abort.signal.aborted; sent++) {
					await peer.raw(block);
					silentTicks = 0;
				}
				ended.resolve();
			},
			async (client) => {
				const connection = await client.connect(request({ signal: abort.signal }));
				const messages = connection.messages();
				assert.is((await messages.next()).value, "");
				await ended.promise;
				abort.abort(cancelledError("enough"));
				assert.ok(sent < BLOCKS, `all ${BLOCKS} blocks of empty messages were accepted although no reader waited`);
			},
		);
	} finally {
		clearInterval(ticks);
	}
});

test("while the other side reads nothing, sends wait", async () => {
	await against(
		(peer) => peer.pause(),
		async (client, server) => {
			const connection = await client.connect(request());
			const message = JSON.stringify({ type: "x", text: "y".repeat(100_000) });
			const ended = failure(all(connection));
			let taken = 0;
			const sending = (async () => {
				for (; taken < 1000; taken++) await connection.send(message);
			})();
			const before = async (): Promise<number> => {
				for (let last = -1; last !== taken; ) {
					last = taken;
					await new Promise((resolve) => setTimeout(resolve, 50));
				}
				return taken;
			};
			assert.ok((await before()) < 1000, "100 MB were accepted although the other side read nothing");
			(await server.peer(0)).cut();
			await ended;
			assert.is((await failure(sending)).code, "backend_error");
		},
	);
});

test("a silent connection is kept as long as the other side replies to pings", async () => {
	await against(
		() => {},
		async (client, server) => {
			const connection = await client.connect(request());
			const ended = failure(all(connection));
			const peer = await server.peer(0);
			while (peer.pings < 4) await new Promise((resolve) => setTimeout(resolve, 5));
			peer.replies = false;
			assert.equal(shown(await ended), {
				code: "timeout",
				message: "the backend sent nothing within 25 ms, not even in reply to a ping (idle_timeout_ms of the backend)",
				retryable: true,
			});
		},
		{ timeouts: { idleTimeoutMs: 25 } },
	);
});

test.run();
