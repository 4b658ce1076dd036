import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { HttpClient } from "../../../src/transport/http/client.ts";
import { MultipartBody, type MultipartPart, randomBoundary } from "../../../src/transport/http/multipart.ts";
import type { HttpOptions, HttpRequest } from "../../../src/transport/http/options.ts";
import { answer } from "../../helpers/openai-server.ts";
import { against, failure, turns } from "./fixture.ts";

const BOUNDARY = "----test";

/** A file in chunks that counts its readers. */
class Source {
	open = 0;
	closed = 0;
	pulled = 0;
	readonly #chunks: Iterable<Uint8Array | SpearError | Promise<Uint8Array>>;

	constructor(chunks: Iterable<Uint8Array | SpearError | Promise<Uint8Array>>) {
		this.#chunks = chunks;
	}

	content = async function* (this: Source): AsyncGenerator<Uint8Array> {
		this.open += 1;
		try {
			for (const chunk of this.#chunks) {
				this.pulled += 1;
				if (chunk instanceof SpearError) throw chunk;
				yield await chunk;
			}
		} finally {
			this.open -= 1;
			this.closed += 1;
		}
	}.bind(this);

	part(size?: number): MultipartPart {
		return { name: "file", filename: "a.bin", contentType: "application/octet-stream", size, content: this.content };
	}
}

function* endless(chunk: Uint8Array): Generator<Uint8Array> {
	for (;;) yield chunk;
}

async function text(body: MultipartBody): Promise<string> {
	return Buffer.concat(await Array.fromAsync(body)).toString();
}

function upload(multipart: readonly MultipartPart[], signal = new AbortController().signal): HttpRequest {
	return { method: "POST", path: "/things", multipart, signal };
}

const FIELD: MultipartPart = { name: "model", value: "small" };
const FILE_HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`;
const WHOLE = [
	`--${BOUNDARY}\r\nContent-Disposition: form-data; name="model"\r\n\r\nsmall\r\n`,
	`${FILE_HEAD}one two\r\n`,
	`--${BOUNDARY}--\r\n`,
].join("");

test("a body of fields and files has exact bytes and a length that is known in advance", async () => {
	const source = new Source([Buffer.from("one "), Buffer.alloc(0), Buffer.from("two")]);
	const body = new MultipartBody([FIELD, source.part(7)], BOUNDARY);
	assert.is(body.contentType, "multipart/form-data; boundary=----test");
	assert.is(body.contentLength, Buffer.byteLength(WHOLE));
	assert.is(source.open + source.closed, 0, "a file is opened only when its part is sent");
	assert.is(await text(body), WHOLE);
	assert.is(source.closed, 1);
});

test("the length of a body is unknown if the length of a file is unknown", async () => {
	const body = new MultipartBody([FIELD, new Source([Buffer.from("one two")]).part()], BOUNDARY);
	assert.is(body.contentLength, undefined);
	assert.is(await text(body), WHOLE);
});

test("a body may have no parts", async () => {
	const body = new MultipartBody([], BOUNDARY);
	assert.is(await text(body), `--${BOUNDARY}--\r\n`);
	assert.is(body.contentLength, `--${BOUNDARY}--\r\n`.length);
});

test("names are escaped as browsers escape them, and values are sent unchanged", async () => {
	const content = new Source([]).content;
	const parts: MultipartPart[] = [
		{ name: 'a"b', value: 'zwei\r\n"drei"\nfünf' },
		{ name: "f", filename: 'naïve "x"\r\n\\名.wav', contentType: "audio/wav; codec=1", size: 0, content },
	];
	const body = new MultipartBody(parts, BOUNDARY);
	const whole = [
		`--${BOUNDARY}\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\nzwei\r\n"drei"\nfünf\r\n`,
		`--${BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="naïve %22x%22%0D%0A\\名.wav"\r\n`,
		`Content-Type: audio/wav; codec=1\r\n\r\n\r\n--${BOUNDARY}--\r\n`,
	].join("");
	assert.is(await text(body), whole);
	assert.is(body.contentLength, Buffer.byteLength(whole));
});

test("a part whose media type would end its header is refused", () => {
	for (const contentType of ["image/png\r\nx: y", "image", "", "image/png;\n"]) {
		const make = () => new MultipartBody([{ name: "image", filename: "a", contentType, content: new Source([]).content }]);
		assert.throws(make, (error: unknown) => error instanceof SpearError && error.code === "invalid_request");
	}
});

test("boundaries are random and valid in a header", () => {
	const boundaries = new Set(Array.from({ length: 100 }, randomBoundary));
	assert.is(boundaries.size, 100);
	for (const boundary of boundaries) assert.match(boundary, /^----spear-[0-9a-f]{24}$/);
});

test("a file that is longer or shorter than announced fails", async () => {
	for (const [chunks, size] of [
		[["one", "two"], 5],
		[["one", "two"], 7],
		[[], 1],
	] as const) {
		const source = new Source(chunks.map((chunk) => Buffer.from(chunk)));
		const error = await failure(text(new MultipartBody([source.part(size)], BOUNDARY)));
		assert.is(error.code, "internal");
		assert.is(error.message, `file: the length of the file differs from the ${size} bytes that were announced`);
		assert.is(source.open, 0);
	}
});

const OURS = { newBoundary: () => BOUNDARY };

/** Runs a test against a server whose handler receives the request before its body. */
async function whileSending(
	handle: (message: IncomingMessage, response: ServerResponse) => void,
	run: (client: HttpClient) => Promise<void>,
	options: Partial<HttpOptions> = {},
): Promise<void> {
	const sockets = new Set<Socket>();
	const server = createServer(handle);
	server.on("connection", (socket: Socket) => {
		sockets.add(socket);
		socket.on("error", () => {}).on("close", () => sockets.delete(socket));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("no port");
	const client = new HttpClient({ baseUrl: new URL(`http://127.0.0.1:${address.port}/v1`), ...OURS, ...options });
	try {
		await run(client);
		await client.close();
		while (sockets.size > 0) await turns(1);
	} finally {
		await client.close();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
}

test("an upload of known length sends content-length and exactly these bytes", () =>
	against(
		[answer.json({ ok: true })],
		async (client, server) => {
			const source = new Source([Buffer.from("one "), Buffer.from("two")]);
			assert.equal((await client.requestJson(upload([FIELD, source.part(7)]))).value, { ok: true });
			const [request] = server.requests;
			assert.is(request?.headers["content-type"], "multipart/form-data; boundary=----test");
			assert.is(request?.headers["content-length"], String(Buffer.byteLength(WHOLE)));
			assert.is(request?.headers["transfer-encoding"], undefined);
			assert.is(request?.body, WHOLE);
			assert.is(source.closed, 1);
		},
		OURS,
	));

test("an upload of unknown length is sent in chunked encoding, and its connection is reused", () =>
	against(
		[answer.json(1), answer.json(2)],
		async (client, server) => {
			for (const _ of [1, 2]) {
				await client.requestJson(upload([FIELD, new Source([Buffer.from("one two")]).part()]));
				await turns(5);
			}
			for (const { headers, body } of server.requests) {
				assert.is(headers["content-length"], undefined);
				assert.is(headers["transfer-encoding"], "chunked");
				assert.is(body, WHOLE);
			}
			assert.is(new Set(server.requests.map(({ clientPort }) => clientPort)).size, 1);
		},
		OURS,
	));

test("binary bytes of many chunks arrive unchanged", () =>
	against([answer.json(1)], async (client, server) => {
		const chunks = Array.from({ length: 300 }, (_, index) => Buffer.alloc(10_000, index % 256));
		await client.requestJson(upload([new Source(chunks).part()]));
		const bytes = server.requests[0]?.bytes ?? Buffer.alloc(0);
		const start = bytes.indexOf("\r\n\r\n") + 4;
		assert.ok(bytes.subarray(start, start + 3_000_000).equals(Buffer.concat(chunks)));
	}));

test("a file that fails while it is read fails the request with its own error", () =>
	whileSending(
		(message) => message.resume(),
		async (client) => {
			const error = new SpearError("not_permitted", "the media object does not exist");
			for (const size of [undefined, 10]) {
				const source = new Source([Buffer.from("one"), error]);
				assert.is(await failure(client.requestJson(upload([FIELD, source.part(size)]))), error);
				assert.is(source.open, 0);
			}
		},
	));

test("a file that fails with an unknown error fails the request with internal, without its text", () =>
	whileSending(
		(message) => message.resume(),
		async (client) => {
			const content = () => ({
				[Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("/secret/path")) }),
			});
			const part = { name: "file", filename: "a", contentType: "audio/wav", content };
			const error = await failure(client.requestJson(upload([part])));
			assert.is(error.code, "internal");
			assert.not.match(error.message, "secret");
		},
	));

test("a refusal during an upload is reported, and the file is closed", () =>
	whileSending(
		(_message, response) => {
			response.writeHead(413, { "content-type": "application/json" }).end('{"error":"too much"}');
		},
		async (client) => {
			const source = new Source(endless(Buffer.alloc(64 * 1024)));
			const error = await failure(client.requestJson(upload([source.part()])));
			assert.is(error.message, "the request is too large for the backend (status 413)");
			assert.is(error.code, "invalid_request");
			await turns(3);
			assert.is(source.open, 0);
		},
	));

test("an answer before the end of an upload is returned, and the file is closed", () =>
	whileSending(
		(_message, response) => {
			response.writeHead(200, { "content-type": "application/json" }).end('{"enough":true}');
		},
		async (client) => {
			const source = new Source(endless(Buffer.alloc(64 * 1024)));
			assert.equal((await client.requestJson(upload([source.part()]))).value, { enough: true });
			await turns(3);
			assert.is(source.open, 0);
		},
	));

test("an abort during an upload closes the socket and the file, even if the file hangs", () => {
	const ended = Promise.withResolvers<void>();
	return whileSending(
		(message) => {
			message.resume().on("error", () => {});
			message.on("close", () => ended.resolve());
		},
		async (client) => {
			const abort = new AbortController();
			const hangs = Promise.withResolvers<Uint8Array>();
			const reached = Promise.withResolvers<void>();
			let returned = false;
			const content = () => {
				let count = 0;
				return {
					[Symbol.asyncIterator]: () => ({
						next(): Promise<IteratorResult<Uint8Array>> {
							count += 1;
							if (count === 1) return Promise.resolve({ done: false, value: Buffer.from("one") });
							reached.resolve();
							return hangs.promise.then((value) => ({ done: false, value }));
						},
						return(): Promise<IteratorResult<Uint8Array>> {
							returned = true;
							return Promise.resolve({ done: true, value: undefined });
						},
					}),
				};
			};
			const part = { name: "file", filename: "a", contentType: "audio/wav", content };
			const result = failure(client.requestJson(upload([part], abort.signal)));
			await reached.promise;
			await turns(5);
			const reason = new SpearError("cancelled", "the guest dropped the handle");
			abort.abort(reason);
			assert.is(await result, reason);
			assert.ok(returned, "the file is closed although its next chunk never arrived");
			await ended.promise;
		},
	);
});

test("a file is read no faster than the upstream reads, and an upstream that reads nothing is a timeout", () => {
	let received: IncomingMessage | undefined;
	return whileSending(
		(message) => {
			received = message.pause();
		},
		async (client) => {
			const chunk = Buffer.alloc(64 * 1024);
			const source = new Source(endless(chunk));
			const error = await failure(client.requestJson(upload([source.part()])));
			assert.equal(error.toRecord(), {
				code: "timeout",
				message: "the backend read nothing more of the request within 80 ms (idle_timeout_ms of the backend)",
				retryable: true,
			});
			await turns(3);
			assert.is(source.open, 0);
			// The system's own buffers hold a few megabytes at most.
			assert.ok(source.pulled < 400, `read ${source.pulled} chunks`);
			received?.on("error", () => {}).resume(); // A server that does not read does not notice a closed connection.
		},
		{ timeouts: { idleTimeoutMs: 80 } },
	);
});

test("a slow file does not count against the upstream's time limits, but a slow answer after it does", () =>
	whileSending(
		(message) => message.resume(),
		async (client) => {
			const slow = function* (): Generator<Promise<Uint8Array>> {
				for (let chunk = 0; chunk < 3; chunk++) yield new Promise((resolve) => setTimeout(resolve, 50, Buffer.from("one")));
			};
			const source = new Source(slow());
			const error = await failure(client.requestJson(upload([source.part()])));
			assert.is(error.message, "the backend sent no answer within 40 ms (first_byte_timeout_ms of the backend)");
			assert.is(source.pulled, 3); // Each took longer than either limit.
		},
		{ timeouts: { idleTimeoutMs: 40, firstByteTimeoutMs: 40 } },
	));

test("a connection that is reset during an upload is a failure of the backend", () =>
	whileSending(
		(message) => {
			message.once("data", () => message.socket.resetAndDestroy());
		},
		async (client) => {
			const source = new Source(endless(Buffer.alloc(64 * 1024)));
			const error = await failure(client.requestJson(upload([source.part()])));
			assert.is(error.code, "backend_error");
			assert.ok(error.retryable);
			await turns(3);
			assert.is(source.open, 0);
		},
	));

test("no file is opened if the request is already aborted or the upstream refuses connections", async () => {
	const source = new Source([Buffer.from("one")]);
	const client = new HttpClient({ baseUrl: new URL("http://127.0.0.1:1/v1") });
	assert.is((await failure(client.requestJson(upload([source.part()], AbortSignal.abort())))).code, "cancelled");
	assert.is((await failure(client.requestJson(upload([source.part()])))).code, "backend_error");
	await client.close();
	assert.is(source.open + source.closed, 0);
});

test.run();
