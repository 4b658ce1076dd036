import { setImmediate } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { HttpClient } from "../../../src/transport/http/client.ts";
import { type StatusFailure, statusError } from "../../../src/transport/http/status-error.ts";
import { answer, OpenAiServer, sse } from "../../helpers/openai-server.ts";
import { against, all, failure, post, turns } from "./fixture.ts";

test("a JSON request sends method, path, headers and body, and its answer is parsed", () =>
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
				"accept-encoding": "identity",
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

test("the path of the base URL precedes the path of a request, with or without a final slash", async () => {
	const server = await OpenAiServer.start(answer.json(1), answer.json(2));
	for (const suffix of ["", "/"]) {
		const client = new HttpClient({ baseUrl: new URL(server.baseUrl + suffix) });
		await client.requestJson({ method: "GET", path: "/models", signal: new AbortController().signal });
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

test("a connection is reused after a whole answer, a failure and a complete stream", () =>
	against([answer.json(1), answer.status(500, "no"), answer.stream(sse([{}])), answer.json(2)], async (client, server) => {
		await client.requestJson(post());
		await turns(5);
		await failure(client.requestJson(post()));
		await turns(5);
		assert.equal(await all(client.openStream(post(), "[DONE]")), ["{}", "[DONE]"]);
		await (await server.request(2)).ended; // The body may end after the last event.
		await turns(5);
		await client.requestJson(post());
		assert.is(new Set(server.requests.map(({ clientPort }) => clientPort)).size, 1);
	}));

test("a body or a stream above the size limit is refused", () =>
	against(
		[answer.text(`"${"x".repeat(2000)}"`), answer.flood(Buffer.from("data: 1\n\n")), answer.text(`"${"x".repeat(900)}"`)],
		async (client, server) => {
			const tooLarge = {
				code: "backend_error",
				message: "the backend's answer is malformed: it is larger than 1000 bytes",
				retryable: false,
			};
			assert.equal((await failure(client.requestJson(post()))).toRecord(), tooLarge);
			assert.equal((await failure(all(client.openStream(post())))).toRecord(), tooLarge);
			assert.ok((await (await server.request(1)).ended).clientClosed);
			assert.is(String((await client.requestJson(post())).value).length, 900);
		},
		{ limits: { maxBodyBytes: 1000 } },
	));

test("an event above the size limit is refused", () =>
	against(
		[answer.flood(Buffer.from("data: more "))],
		async (client, server) => {
			assert.is(
				(await failure(all(client.openStream(post())))).message,
				"the backend's answer is malformed: an event is longer than 1000 characters",
			);
			assert.ok((await (await server.request(0)).ended).clientClosed);
		},
		{ limits: { maxEventChars: 1000 } },
	));

test("a redirect is not followed", () =>
	against([answer.status(307, "", { location: "/v1/elsewhere" })], async (client, server) => {
		assert.equal((await failure(client.requestJson(post()))).toRecord(), {
			code: "backend_error",
			message: "the backend answers with a redirect (status 307), which is not followed; its operator must check base_url",
			retryable: false,
		});
		assert.is(server.requests.length, 1);
	}));

test("a status that is not a success is reported although its body never ends", () =>
	against(
		[answer.status(503, "down", { "content-length": "100" }), answer.status(429, "", { "content-length": "100", "retry-after": "3" })],
		async (client) => {
			assert.equal((await failure(client.requestJson(post()))).toRecord(), {
				code: "backend_error",
				message: "the backend failed (status 503)",
				retryable: true,
			});
			assert.equal((await failure(client.requestJson(post()))).toRecord(), {
				code: "rate_limited",
				message: "the backend asks to slow down (status 429)",
				retryable: true,
				retry_after_ms: 3000,
			});
		},
		{ timeouts: { firstByteTimeoutMs: 40, idleTimeoutMs: 40 } },
	));

test("each way in which a connection fails has its own error", () =>
	against(
		[
			answer.disconnect(),
			answer.raw("SSH-2.0-nonsense\r\n"),
			answer.cutOff(Buffer.from('{"a":'), { "content-length": "50" }),
			answer.cutOff(sse([1], { done: false })),
		],
		async (client) => {
			assert.equal((await failure(client.requestJson(post()))).toRecord(), {
				code: "backend_error",
				message: "the connection to the backend broke before its answer",
				retryable: true,
			});
			assert.equal((await failure(client.requestJson(post()))).toRecord(), {
				code: "backend_error",
				message: "the backend's answer is malformed: it breaks the HTTP protocol",
				retryable: false,
			});
			const truncated = { code: "backend_error", message: "the backend's answer ended before it was complete", retryable: true };
			assert.equal((await failure(client.requestJson(post()))).toRecord(), truncated);
			assert.equal((await failure(all(client.openStream(post(), "[DONE]")))).toRecord(), truncated);
		},
	));

test("each failure says if the upstream may have processed the request", () =>
	against(
		[
			answer.disconnect(),
			answer.cutOff(Buffer.from('{"a":'), { "content-length": "50" }),
			answer.stream(sse([1], { done: false })),
			answer.text("<html>"),
		],
		async (client) => {
			assert.is((await failure(client.requestJson(post()))).processed, "unknown");
			assert.is((await failure(client.requestJson(post()))).processed, "unknown");
			assert.is((await failure(all(client.openStream(post(), "[DONE]")))).processed, "unknown");
			assert.is((await failure(client.requestJson(post()))).processed, "yes");
			await client.close();
			const closed = await failure(client.requestJson(post()));
			assert.is(closed.attribution, "host");
			assert.is(closed.processed, "no");
		},
	));

test("a stream that ends before its last event is an error, unless no last event is expected", () =>
	against([answer.stream(sse([1], { done: false })), answer.stream(sse([1], { done: false }))], async (client) => {
		assert.equal((await failure(all(client.openStream(post(), "[DONE]")))).toRecord(), {
			code: "backend_error",
			message: "the backend's answer ended before it was complete",
			retryable: true,
		});
		assert.equal(await all(client.openStream(post())), ["1"]);
	}));

test("a port without a server is a refused connection", async () => {
	const server = await OpenAiServer.start();
	await server.close();
	const client = new HttpClient({ baseUrl: new URL(server.baseUrl) });
	assert.equal((await failure(client.requestJson(post()))).toRecord(), {
		code: "backend_error",
		message: "the backend refuses connections; it may be down",
		retryable: true,
	});
	assert.is((await failure(client.requestJson(post()))).processed, "no");
	await client.close();
});

test("a server without TLS is a failed secure connection", () =>
	against([], async (_, server) => {
		const client = new HttpClient({ baseUrl: new URL(server.baseUrl.replace("http:", "https:")) });
		assert.equal((await failure(client.requestJson(post()))).toRecord(), {
			code: "backend_error",
			message: "no secure connection to the backend is possible; its operator must check its certificate, base_url and [host] ca_file",
			retryable: false,
		});
		await client.close();
	}));

test("an answer that is not JSON, not UTF-8 or not an event stream is malformed", () =>
	against(
		[answer.text("<html>", { "content-type": "text/html" }), answer.text(Buffer.from([0x22, 0xff, 0x22])), answer.text("{}")],
		async (client) => {
			const malformed = "the backend's answer is malformed: ";
			assert.is((await failure(client.requestJson(post()))).message, `${malformed}it is not JSON (content-type text/html)`);
			assert.is((await failure(client.requestJson(post()))).message, `${malformed}it is not JSON (content-type application/json)`);
			assert.is((await failure(all(client.openStream(post())))).message, `${malformed}it is application/json instead of an event stream`);
		},
	));

test("a secret among the configured headers is redacted", () =>
	against(
		[answer.status(500, "you are tenant-4711-0815 of plan pro")],
		async (client) => {
			const { cause } = await failure(client.requestJson(post()));
			assert.ok(cause instanceof Error && cause.message.endsWith("status 500: you are [redacted] of plan pro"));
		},
		{ headers: { "x-tenant": "tenant-4711-0815", "x-plan": "pro" } },
	));

test("a secret that arrives in two chunks is redacted, in the body of a failure and in an event of a stream", () =>
	against(
		[
			async (response) => {
				response.writeHead(500).write("your key is s3cr");
				await setImmediate();
				response.end("et-0815-4711, and wrong");
			},
			async (response) => {
				response.writeHead(200, { "content-type": "text/event-stream" }).write("data: s3cr");
				await setImmediate();
				response.end("et-0815-4711\n\n");
			},
		],
		async (client) => {
			const request = post({ secret: "s3cret-0815-4711" });
			const { cause } = await failure(client.requestJson(request));
			assert.ok(cause instanceof Error && cause.message.endsWith("status 500: your key is [redacted], and wrong"));
			const events = await Array.fromAsync(client.openStream(request), ({ data, exchange }) => exchange.redact(data));
			assert.equal(events, ["[redacted]"]);
		},
	));

test("the end of a failure's body that was cut holds no part of a secret", async () => {
	const bodies: string[] = [];
	const onStatus = (refused: StatusFailure) => {
		bodies.push(refused.body);
		return statusError(refused);
	};
	await against(
		[answer.status(500, `${"p".repeat(64 * 1024 - 8)}s3cret-0815-4711 and more`)],
		async (client) => {
			await failure(client.requestJson(post({ secret: "s3cret-0815-4711" })));
		},
		{ onStatus },
	);
	assert.match(bodies[0] ?? "", /^p{60000,}$/);
});

test("the cause of an error names the target without its query", () =>
	against([answer.status(500, "boom", { "x-request-id": "req-7" })], async (client, server) => {
		const { cause } = await failure(client.requestJson(post({ path: "/things?token=abc" })));
		assert.instance(cause, Error);
		assert.is(cause instanceof Error && cause.message, `POST ${server.baseUrl}/things: status 500, request req-7: boom`);
	}));

test.run();
