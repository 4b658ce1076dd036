import { createServer, type Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { HttpClient, type HttpOptions, type HttpRequest, type StreamedEvent } from "../../src/backends/http.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { answer, OpenAiServer, sse } from "../helpers/openai-server.ts";

const never = new AbortController().signal;

let before: string[] = [];
test.before(() => {
	before = active();
});

/** What keeps the process alive, as far as a client could be the reason. */
function active(): string[] {
	return process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|GetAddrInfo/.test(name));
}

/** Runs a test against a server with this script, and checks that nothing is left open after it. */
async function against(
	script: Parameters<typeof OpenAiServer.start>,
	run: (client: HttpClient, server: OpenAiServer) => Promise<void>,
	options: Partial<HttpOptions> = {},
): Promise<void> {
	const server = await OpenAiServer.start(...script);
	const client = new HttpClient({ baseUrl: new URL(server.baseUrl), ...options });
	try {
		await run(client, server);
		await client.close();
		await server.quiet();
	} finally {
		await client.close();
		await server.close();
	}
}

function post(more: Partial<HttpRequest> = {}): HttpRequest {
	return { method: "POST", path: "/things", json: { a: 1 }, signal: never, ...more };
}

/** Lets what is already under way in the event loop happen. */
async function turns(count: number): Promise<void> {
	for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

async function failure(promise: Promise<unknown>): Promise<SpearError> {
	try {
		await promise;
	} catch (error) {
		assert.instance(error, SpearError);
		return SpearError.from(error);
	}
	throw new Error("it should have failed");
}

async function all(events: AsyncIterable<StreamedEvent>): Promise<string[]> {
	const data: string[] = [];
	for await (const event of events) data.push(event.data);
	return data;
}

function record({ code, message, retryable, retryAfterMs }: SpearError): object {
	return { code, message, retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
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

test("sends method, path, headers and body, and parses the answer", () =>
	against(
		[answer.json({ ok: true })],
		async (client, server) => {
			const { value } = await client.requestJson(
				post({ path: "/things?limit=2", headers: { "x-mine": "request", authorization: "Bearer k" } }),
			);
			assert.equal(value, { ok: true });
			const [request] = server.requests;
			assert.is(request?.method, "POST");
			assert.is(request?.path, "/v1/things?limit=2");
			assert.is(request?.body, '{"a":1}');
			const { host, connection, ...headers } = request?.headers ?? {};
			assert.equal(headers, {
				accept: "application/json",
				authorization: "Bearer k",
				"content-length": "7",
				"content-type": "application/json",
				"user-agent": "spear-hostcall",
				"x-mine": "request",
				"x-static": "1",
			});
		},
		{ headers: { "x-static": "1", "x-mine": "instance" } },
	));

test("keeps the path of the base URL, with or without its last slash", async () => {
	const server = await OpenAiServer.start(answer.json(1), answer.json(2));
	for (const suffix of ["", "/"]) {
		const client = new HttpClient({ baseUrl: new URL(server.baseUrl + suffix) });
		await client.requestJson({ method: "GET", path: "/models", signal: never });
		await client.close();
	}
	assert.equal(
		server.requests.map(({ method, path, body, headers }) => [method, path, body, headers["content-type"]]),
		[
			["GET", "/v1/models", "", undefined],
			["GET", "/v1/models", "", undefined],
		],
	);
	await server.close();
});

test("uses a connection again after a whole answer, a failure and a complete stream", () =>
	against([answer.json(1), answer.status(500, "no"), answer.stream(sse([{}])), answer.json(2)], async (client, server) => {
		await client.requestJson(post());
		await turns(5);
		await failure(client.requestJson(post()));
		await turns(5);
		assert.equal(await all(client.openStream(post(), "[DONE]")), ["{}", "[DONE]"]);
		await (await server.request(2)).ended; // The end of the body may come after that of the stream.
		await turns(5);
		await client.requestJson(post());
		assert.is(new Set(server.requests.map(({ clientPort }) => clientPort)).size, 1);
	}));

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
	assert.equal(record(await second), {
		code: "cancelled",
		message: "the backend was shut down while it served this call",
		retryable: false,
	});
	await closed(two);
	await server.close();
});

test("a connection that does not come about in time is a timeout", async () => {
	const server = await deafServer();
	const client = new HttpClient({ baseUrl: server.url, timeouts: { connectMs: 40 } });
	const at = performance.now();
	assert.equal(record(await failure(client.requestJson(post()))), {
		code: "timeout",
		message: "no connection to the backend came about within 40 ms",
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
				assert.equal(record(await failure(client.requestJson(post()))), {
					code: "timeout",
					message: "the backend did not begin to answer within 40 ms",
					retryable: true,
				});
				assert.ok((await (await server.request(index)).ended).hungUp);
			}
		},
		{ timeouts: { firstByteMs: 40 } },
	));

test("a stream that falls silent is a timeout, but only for one who waits", () =>
	against(
		[answer.stall(sse([1], { done: false }))],
		async (client) => {
			const events = client.openStream(post(), "[DONE]");
			await events.next();
			await new Promise((resolve) => setTimeout(resolve, 90)); // Nobody asks: the deadline must not count.
			const at = performance.now();
			assert.equal(record(await failure(events.next())), {
				code: "timeout",
				message: "the backend fell silent in the middle of its answer: nothing within 40 ms",
				retryable: true,
			});
			assert.ok(performance.now() - at >= 39);
		},
		{ timeouts: { idleMs: 40 } },
	));

test("bounds a body and a stream", () =>
	against(
		[answer.text(`"${"x".repeat(2000)}"`), answer.flood(Buffer.from("data: 1\n\n")), answer.text(`"${"x".repeat(900)}"`)],
		async (client, server) => {
			const tooLarge = {
				code: "backend_error",
				message: "the backend's answer is malformed: it is larger than 1000 bytes",
				retryable: false,
			};
			assert.equal(record(await failure(client.requestJson(post()))), tooLarge);
			assert.equal(record(await failure(all(client.openStream(post())))), tooLarge);
			assert.ok((await (await server.request(1)).ended).hungUp);
			assert.is(String((await client.requestJson(post())).value).length, 900);
		},
		{ limits: { maxBodyBytes: 1000 } },
	));

test("bounds an event", () =>
	against(
		[answer.flood(Buffer.from("data: more "))],
		async (client, server) => {
			assert.is(
				(await failure(all(client.openStream(post())))).message,
				"the backend's answer is malformed: an event is longer than 1000 characters",
			);
			assert.ok((await (await server.request(0)).ended).hungUp);
		},
		{ limits: { maxEventChars: 1000 } },
	));

test("does not follow redirects", () =>
	against([answer.status(307, "", { location: "/v1/elsewhere" })], async (client, server) => {
		assert.equal(record(await failure(client.requestJson(post()))), {
			code: "backend_error",
			message: "the backend answers with a redirect (status 307), which is not followed; its operator must check base_url",
			retryable: false,
		});
		assert.is(server.requests.length, 1);
	}));

test("a status that is no success keeps its meaning when its body never ends", () =>
	against(
		[answer.status(503, "down", { "content-length": "100" }), answer.status(429, "", { "content-length": "100", "retry-after": "3" })],
		async (client) => {
			assert.equal(record(await failure(client.requestJson(post()))), {
				code: "backend_error",
				message: "the backend failed (status 503)",
				retryable: true,
			});
			assert.equal(record(await failure(client.requestJson(post()))), {
				code: "rate_limited",
				message: "the backend asks to slow down (status 429)",
				retryable: true,
				retryAfterMs: 3000,
			});
		},
		{ timeouts: { firstByteMs: 40, idleMs: 40 } },
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

test("tells apart how a connection fails", () =>
	against(
		[
			answer.hangUp(),
			answer.raw("SSH-2.0-nonsense\r\n"),
			answer.cutOff(Buffer.from('{"a":'), { "content-length": "50" }),
			answer.cutOff(sse([1], { done: false })),
		],
		async (client) => {
			assert.equal(record(await failure(client.requestJson(post()))), {
				code: "backend_error",
				message: "the connection to the backend broke before it answered",
				retryable: true,
			});
			assert.equal(record(await failure(client.requestJson(post()))), {
				code: "backend_error",
				message: "the backend's answer is malformed: it is not proper HTTP",
				retryable: false,
			});
			const brokeOff = { code: "backend_error", message: "the backend broke off in the middle of its answer", retryable: true };
			assert.equal(record(await failure(client.requestJson(post()))), brokeOff);
			assert.equal(record(await failure(all(client.openStream(post(), "[DONE]")))), brokeOff);
		},
	));

test("a stream whose body ends before its last event was cut off; without a last event the body's end is its end", () =>
	against([answer.stream(sse([1], { done: false })), answer.stream(sse([1], { done: false }))], async (client) => {
		assert.equal(record(await failure(all(client.openStream(post(), "[DONE]")))), {
			code: "backend_error",
			message: "the backend broke off in the middle of its answer",
			retryable: true,
		});
		assert.equal(await all(client.openStream(post())), ["1"]);
	}));

test("a port where nobody listens refuses", async () => {
	const server = await OpenAiServer.start();
	await server.close();
	const client = new HttpClient({ baseUrl: new URL(server.baseUrl) });
	assert.equal(record(await failure(client.requestJson(post()))), {
		code: "backend_error",
		message: "the backend refuses connections; it may be down",
		retryable: true,
	});
	await client.close();
});

test("a server that does not speak TLS gives no secure connection", () =>
	against([], async (_, server) => {
		const client = new HttpClient({ baseUrl: new URL(server.baseUrl.replace("http:", "https:")) });
		assert.equal(record(await failure(client.requestJson(post()))), {
			code: "backend_error",
			message: "no secure connection to the backend came about; its operator must check its certificate and base_url",
			retryable: false,
		});
		await client.close();
	}));

test("refuses what is no JSON, no event stream, no UTF-8 or compressed", () =>
	against(
		[
			answer.text("<html>", { "content-type": "text/html" }),
			answer.text(Buffer.from([0x22, 0xff, 0x22])),
			answer.text("{}"),
			answer.text("{}", { "content-encoding": "gzip" }),
		],
		async (client) => {
			const malformed = "the backend's answer is malformed: ";
			assert.is((await failure(client.requestJson(post()))).message, `${malformed}it is not JSON (content-type text/html)`);
			assert.is((await failure(client.requestJson(post()))).message, `${malformed}it is not JSON (content-type application/json)`);
			assert.is((await failure(all(client.openStream(post())))).message, `${malformed}it is application/json instead of an event stream`);
			assert.is((await failure(client.requestJson(post()))).message, `${malformed}it is compressed (gzip), which was not asked for`);
		},
	));

test("closing ends calls in flight and refuses later ones", () =>
	against([answer.silence(), answer.stall(sse([1], { done: false }))], async (client, server) => {
		const waiting = failure(client.requestJson(post()));
		await server.request(0);
		const events = client.openStream(post());
		await events.next();
		const reading = failure(events.next());
		await client.close();
		const shut = { code: "cancelled", message: "the backend was shut down while it served this call", retryable: false };
		assert.equal(record(await waiting), shut);
		assert.equal(record(await reading), shut);
		assert.equal(record(await failure(client.requestJson(post()))), {
			code: "backend_error",
			message: "the backend was shut down; send the call again",
			retryable: true,
		});
	}));

test("what the log gets names the target without its query", () =>
	against([answer.status(500, "boom", { "x-request-id": "req-7" })], async (client, server) => {
		const { cause } = await failure(client.requestJson(post({ path: "/things?token=abc" })));
		assert.instance(cause, Error);
		assert.is(cause instanceof Error && cause.message, `POST ${server.baseUrl}/things: status 500, request req-7: boom`);
	}));

test("nothing keeps the process alive after all this", async () => {
	await turns(5);
	const more = active().filter(
		(name) => active().filter((other) => other === name).length > before.filter((other) => other === name).length,
	);
	assert.equal(more, []);
});

test.run();
