/** Hostile clients of the OpenAI front, over sockets. */
import { once } from "node:events";
import { connect } from "node:net";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Reaction, says, served, servedByScript } from "./served.ts";

const model = "small";
const hi = { role: "user", content: "Hi" };
const raw = (text: string): string => `{"model":"small","messages":[{"role":"user","content":"Hi"}],${text}}`;

test("deep JSON is refused wherever it stands", () =>
	servedByScript([], async ({ post }, received) => {
		const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
		for (const body of [
			deep,
			raw(`"metadata":${deep}`),
			raw(`"tools":[{"type":"function","function":{"name":"f","parameters":{"a":${deep}}}}]`),
		]) {
			const answered = await post("/chat/completions", body);
			assert.is(answered.status, 400);
			assert.match(Object(await answered.json()).error.message, /nested deeper than 256 levels/);
		}
		assert.is(received.length, 0);
	}));

test("a conversation of 100,000 messages is answered", () =>
	servedByScript([], async ({ post }, received) => {
		const messages = Array.from({ length: 100_000 }, () => hi);
		assert.is((await post("/chat/completions", { model, messages })).status, 200);
		assert.is(received[0]?.payload.messages.length, 100_000);
	}));

test("a body beyond the bound is refused, with and without a stated length", () =>
	servedByScript(
		[],
		async ({ url, post }, received) => {
			const text = "x".repeat(70_000);
			const stated = await post("/chat/completions", raw(`"metadata":"${text}"`));
			assert.equal([stated.status, Object(await stated.json()).error.code], [413, "request_too_large"]);
			const chunked = await fetch(`${url}/v1/chat/completions`, {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: new Blob([raw(`"metadata":"${text}"`)]).stream(),
				duplex: "half",
			} as RequestInit);
			assert.is(chunked.status, 413);
			assert.is(received.length, 0);
		},
		{ server: { max_body_bytes: 65_536, access_log: false } },
	));

test("a body of very many small values is refused before it takes their memory", () =>
	servedByScript([], async ({ post }, received) => {
		for (const value of ["{}", "[]", "1", '{"a":1}']) {
			const before = process.memoryUsage().heapUsed;
			const answered = await post("/chat/completions", raw(`"metadata":[${`${value},`.repeat(600_000)}1]`));
			assert.equal([answered.status, Object(await answered.json()).error.code], [413, "request_too_large"], value);
			assert.ok(process.memoryUsage().heapUsed - before < 100_000_000, value);
		}
		assert.is(received.length, 0);
	}));

test("names of the prototype are members like any other", () =>
	servedByScript([], async ({ post }, received) => {
		const bodies = [
			raw('"__proto__":{"stream":true}'),
			raw('"constructor":{"prototype":{"polluted":1}}'),
			raw('"spear":{"__proto__":{"timeout_ms":1}}'),
		];
		const answers = [];
		for (const body of bodies) answers.push(await post("/chat/completions", body));
		assert.equal(
			answers.map(({ status }) => status),
			[200, 200, 400],
		);
		assert.is(Object({}).polluted, undefined);
		assert.is(received.length, 2);
		assert.ok(received.every(({ provider_options }) => Object.getPrototypeOf(provider_options) === Object.prototype));
	}));

test("half of a character and numbers beyond all bounds are refused by name", () =>
	servedByScript([], async ({ post }, received) => {
		const cases: readonly (readonly [body: string, param: string])[] = [
			[String.raw`{"model":"small","messages":[{"role":"user","content":"\ud83d"}]}`, "messages[0].content"],
			[String.raw`{"model":"\udc00","messages":[{"role":"user","content":"Hi"}]}`, "model"],
			[raw('"temperature":1e999'), "temperature"],
			[raw('"seed":1e400'), "seed"],
			[raw('"max_tokens":-1e999'), "max_tokens"],
		];
		for (const [body, param] of cases) {
			const answered = await post("/chat/completions", body);
			assert.equal([answered.status, Object(await answered.json()).error.param], [400, param]);
		}
		assert.is(received.length, 0);
	}));

test("a client that reads nothing holds its own call back, and no other", () => {
	let made = 0;
	const piece = "x".repeat(16_384);
	const flood: Reaction = async function* (signal) {
		while (!signal.aborted) {
			made += 1;
			yield { type: "text", text: piece };
			await new Promise(setImmediate);
		}
		throw signal.reason;
	};
	return servedByScript([flood, says("quick")], async ({ url, sdk }) => {
		const { port } = new URL(url);
		const socket = connect(Number(port), "127.0.0.1");
		await once(socket, "connect");
		const body = JSON.stringify({ model, messages: [hi], stream: true });
		socket.pause();
		socket.write(
			`POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
		);
		// The buffers of both sockets fill, and then the source stands still.
		let before = -1;
		while (made === 0 || made !== before) {
			before = made;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		assert.ok(made < 2_000, `${made} pieces`);
		assert.is(
			(await sdk.chat.completions.create({ model, messages: [{ role: "user", content: "Hi" }] })).choices[0]?.message.content,
			"quick",
		);
		socket.destroy();
		await once(socket, "close");
	});
});

test("clients that leave in great number leave nothing behind", () => {
	let running = 0;
	const wait: Reaction = async function* (signal) {
		running += 1;
		try {
			yield { type: "text", text: "Once" };
			await new Promise((_, reject) => {
				if (signal.aborted) reject(signal.reason);
				signal.addEventListener("abort", () => reject(signal.reason), { once: true });
			});
		} finally {
			running -= 1;
		}
	};
	const script = Array.from({ length: 200 }, () => wait);
	return servedByScript(script, async ({ url, sdk }) => {
		const leave = async (index: number): Promise<void> => {
			const abort = new AbortController();
			const body = JSON.stringify({ model, messages: [hi], stream: index % 2 === 0 });
			const headers = { "content-type": "application/json" };
			const answered = fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body, signal: abort.signal });
			if (index % 4 === 0) await answered;
			else await new Promise((resolve) => setTimeout(resolve, index % 10));
			abort.abort();
			await answered.then(({ body: stream }) => stream?.cancel()).catch(() => {});
		};
		await Promise.all(script.map((_, index) => leave(index)));
		while (running > 0) await new Promise((resolve) => setTimeout(resolve, 5));
		script.length = 0;
		assert.is(
			(await sdk.chat.completions.create({ model, messages: [{ role: "user", content: "Hi" }] })).choices[0]?.message.content,
			"ok",
		);
	});
});

test("a name of a model cannot break a header, a list or a message", () =>
	served({}, async ({ post, url }) => {
		const name = '<script>alert(1)</script>\r\nx-injected: 1\u202e"';
		const answered = await post("/chat/completions", { model: name, messages: [hi] });
		assert.is(answered.status, 404);
		assert.is(answered.headers.get("x-injected"), null);
		assert.is(answered.headers.get("content-type"), "application/json");
		const found = await fetch(`${url}/v1/models/${encodeURIComponent(name)}`);
		assert.is(found.status, 404);
		assert.not.match(await found.text(), /\u202e|[\r\n]/);
		for (const path of ["/v1/models/%ff", "/v1/%e2%80%ae", "/%e2%80%ae"]) {
			const missing = await fetch(url + path);
			assert.is(missing.status, 404, path);
			assert.not.match(await missing.text(), /\u202e/, path);
		}
	}));

test.run();
