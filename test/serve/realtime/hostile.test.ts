/** WebSockets of hostile clients and pages. */
import { connect } from "node:tls";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { greet } from "../../helpers/realtime-server.ts";
import { type ServedRealtime, servedRealtime } from "./served-realtime.ts";

const KEY = "a-key-of-a-client-of-a-test";
const KEYS = { clients: { app: { key_env: "APP_KEY" }, other: { key_env: "OTHER_KEY", operations: ["embeddings"] } } } as const;
const ENV = { APP_KEY: KEY, OTHER_KEY: "another-key-of-another-client" };

/** Returns the frame of a client, with a mask of zeros. */
function frame(opcode: number, payload: Buffer, isFinal = true): Buffer {
	const length = payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255];
	return Buffer.concat([Buffer.from([(isFinal ? 0x80 : 0) | opcode, ...length, 0, 0, 0, 0]), payload]);
}

/** Opens a WebSocket by hand. Resolves with what arrives until the connection ends. */
function byHand({ url }: ServedRealtime, frames: Buffer, headers = ""): Promise<string> {
	const { hostname, port } = new URL(url);
	const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
	socket.write(
		`GET /v1/realtime?model=gpt-realtime HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${headers}\r\n`,
	);
	socket.write(frames);
	let text = "";
	return new Promise((resolve) => {
		socket.on("data", (chunk) => {
			text += chunk.toString("latin1");
		});
		socket.on("error", () => {});
		socket.on("close", () => resolve(text));
	});
}

/** Returns the code of the close frame at the end of what arrived. */
function closeCode(received: string): number | undefined {
	const at = received.lastIndexOf("\x88");
	return at === -1 ? undefined : Buffer.from(received.slice(at + 2, at + 4), "latin1").readUInt16BE(0);
}

test("a client without a key, with a wrong one, or without the operation, receives an answer of HTTP", () =>
	servedRealtime(
		[],
		async ({ socket, url, logged }) => {
			assert.match(await socket().ended, /^401 .*"code":"invalid_api_key"/);
			assert.match(await socket(undefined, [], { authorization: "Bearer wrong-key-0123456789" }).ended, /^401 /);
			assert.match(await socket(undefined, ["realtime", "openai-insecure-api-key.wrong-key-0123456789"]).ended, /^401 /);
			assert.match(await socket(undefined, [], { authorization: `Bearer ${ENV.OTHER_KEY}` }).ended, /^403 /);
			assert.match(await socket("/v1/other", [], { authorization: `Bearer ${KEY}` }).ended, /^404 /);
			assert.match(await socket("/v1/realtime?intent=x", [], { authorization: `Bearer ${KEY}` }).ended, /^400 /);
			assert.match(await socket("/v1/realtime?call_id=x", [], { authorization: `Bearer ${KEY}` }).ended, /^400 /);
			const lines = logged.join("\n");
			assert.match(lines, /"status":401.* GET \/v1\/realtime/);
			assert.not.match(lines, /wrong-key|a-key-of|another-key/);
			assert.ok(url);
		},
		KEYS as never,
		ENV,
	));

test("a browser sends its key in a subprotocol, which is neither chosen nor logged", () =>
	servedRealtime(
		[greet()],
		async ({ socket, logged }) => {
			const client = socket(undefined, ["realtime", `openai-insecure-api-key.${KEY}`, "openai-beta.realtime-v1"], {
				origin: "https://app.example",
			});
			await client.next("session.created");
			assert.is(client.socket.protocol, "realtime");
			client.socket.close();
			await client.ended;
			assert.not.match(logged.join("\n"), new RegExp(KEY));
		},
		KEYS as never,
		ENV,
	));

test("a page of another origin cannot use a server without keys", () =>
	servedRealtime([], async ({ socket, url }) => {
		assert.match(await socket(undefined, [], { origin: "https://attacker.example" }).ended, /^403 .*wrong_origin/);
		assert.match(await socket(undefined, [], { origin: "null" }).ended, /^403 /);
		assert.match(await socket(undefined, [], { host: "attacker.example", origin: "https://attacker.example" }).ended, /^421 /);
		await socket(undefined, [], { origin: url }).next("session.created");
	}));

test("compression is not offered", () =>
	servedRealtime([], async ({ socket }) => {
		const client = socket();
		await client.opened;
		assert.is(client.socket.extensions, "");
	}));

test("a message beyond the bound closes the connection with 1009, a binary one with 1003", () =>
	servedRealtime([], async ({ socket }) => {
		const large = socket();
		await large.send("x".repeat(1024 * 1024 + 1));
		assert.match(await large.ended, /^1009/);
		const binary = socket();
		await binary.opened;
		binary.socket.send(Buffer.from([1, 2, 3]));
		assert.match(await binary.ended, /^1003/);
	}));

test("frames without a mask, of a reserved opcode, or in a hundred thousand fragments, end the connection", () =>
	servedRealtime([], async (at) => {
		assert.is(closeCode(await byHand(at, Buffer.from([0x81, 0x02, 0x7b, 0x7d]))), 1002);
		assert.is(closeCode(await byHand(at, frame(3, Buffer.from("x")))), 1002);
		const one = frame(0, Buffer.from("x"), false);
		const fragments = Buffer.concat([frame(1, Buffer.from("x"), false), ...Array.from({ length: 100_000 }, () => one)]);
		assert.is(closeCode(await byHand(at, fragments)), 1008);
	}));

test("a handshake that is malformed is refused", () =>
	servedRealtime([], async (at) => {
		const { hostname, port } = new URL(at.url);
		const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
		let text = "";
		socket.on("data", (chunk) => {
			text += chunk;
		});
		socket.write(`GET /v1/realtime HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n`);
		await new Promise((resolve) => socket.on("close", resolve));
		assert.match(text, /^HTTP\/1\.1 4\d\d /);
	}));

test("a client that sends a hundred events that are refused is disconnected", () =>
	servedRealtime([], async ({ socket }) => {
		const client = socket();
		for (let index = 0; index < 20_000; index++) await client.send("{}");
		assert.is(await client.ended, "1008 too many events were refused");
		assert.is(client.messages.filter(({ type }) => type === "error").length, 100);
	}));

test("a flood of events of a client that reads nothing is held back", () =>
	servedRealtime([], async ({ socket }) => {
		const client = socket();
		await client.next("session.created");
		client.socket.pause();
		const update = JSON.stringify({ type: "session.update", session: { instructions: "x".repeat(100_000) } });
		const before = process.memoryUsage().rss;
		for (let index = 0; index < 1000; index++) client.socket.send(update);
		for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
		// What the client has not sent waits in its own process, which is this one: 100 MB.
		assert.ok(client.socket.bufferedAmount > 50_000_000, `${client.socket.bufferedAmount} bytes wait in the client`);
		assert.ok(process.memoryUsage().rss - before < 600_000_000);
	}));

test("sessions of one client are bounded, and so are connections that have not begun one", () =>
	servedRealtime(
		[greet(), greet(), greet()],
		async ({ socket }) => {
			const sessions = [socket(), socket()];
			for (const client of sessions) {
				await client.send({ type: "input_audio_buffer.clear" });
				await client.next("input_audio_buffer.cleared");
			}
			const third = socket();
			await third.send({ type: "input_audio_buffer.clear" });
			const { error } = await third.next("error");
			assert.is(Object(error).code, "rate_limit_exceeded");
			assert.match(await third.ended, /^1013 /);
			sessions[0]?.socket.close();
			await sessions[0]?.ended;
			const waiting = Array.from({ length: 64 }, () => socket());
			for (const client of waiting) await client.opened;
			assert.match(await socket().ended, /^429 /);
			for (const client of waiting) client.close();
		},
		{ limits: { max_realtime_sessions: 2 } },
	));

test("a server that stops closes its WebSockets with 1001", () =>
	servedRealtime([greet()], async ({ socket, server }) => {
		const client = socket();
		await client.send({ type: "input_audio_buffer.clear" });
		await client.next("input_audio_buffer.cleared");
		await server.close({ drainMs: 0 });
		assert.match(await client.ended, /^1001/);
	}));

test("audio beyond the queue of a slow upstream is held back at the client, and all of it arrives", () => {
	const chunk = Buffer.alloc(48_000, 1);
	const count = 60;
	return servedRealtime(
		[
			greet(async (peer) => {
				peer.pause();
				await new Promise((resolve) => setTimeout(resolve, 300));
				peer.resume();
				for (let index = 0; index < count; index++) await peer.next("input_audio_buffer.append");
				await peer.send({ type: "input_audio_buffer.speech_started", audio_start_ms: 1, item_id: "u" });
			}),
		],
		async ({ socket }) => {
			const client = socket();
			for (let index = 0; index < count; index++) await client.send({ type: "input_audio_buffer.append", audio: chunk.toString("base64") });
			await client.next("input_audio_buffer.speech_started");
			assert.is(client.messages.filter(({ type }) => type === "error").length, 0);
		},
		{ limits: { realtime_queue_bytes: 100_000 } },
	);
});

test.run();
