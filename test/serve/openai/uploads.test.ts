/** Uploads of hostile and unlucky clients. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scratch } from "../../helpers/guest.ts";
import { answer, type Behaviour } from "../../helpers/openai-server.ts";
import { type Served, served } from "./media-server.ts";

const PATH = "/v1/audio/transcriptions";
const said: Behaviour = answer.json({ text: "Hi." });
const FILE = '--B\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\ncontent-type: audio/wav\r\n\r\n';
const field = (name: string, value: string) => `--B\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

/** Sends the head of a request, and returns the socket with what arrives on it. */
function upload({ url }: Served, headers: string): { socket: Socket; answered: Promise<string> } {
	const { hostname, port } = new URL(url);
	const socket = connect(Number(port), hostname);
	let text = "";
	const answered = new Promise<string>((resolve) => {
		socket.on("data", (chunk) => {
			text += chunk;
		});
		socket.on("error", () => {});
		socket.on("close", () => resolve(text));
	});
	socket.write(`POST ${PATH} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: multipart/form-data; boundary=B\r\n${headers}\r\n`);
	return { socket, answered };
}

/** Sends a body whole, and returns the status and the error. */
async function refusal({ url }: Served, body: string, contentType = "multipart/form-data; boundary=B", path = PATH): Promise<unknown> {
	const refused = await fetch(`${url}${path}`, {
		method: "POST",
		headers: { "content-type": contentType },
		body: Buffer.from(body, "latin1"),
	});
	const { error } = Object(await refused.json());
	return [refused.status, error.code];
}

test("an upload that is aborted midway leaves nothing in the store, and ends no other request", () =>
	served([said], async (at) => {
		for (const rest of ["", "content-length: 1000000\r\n"]) {
			const headers = rest === "" ? "transfer-encoding: chunked\r\n" : rest;
			const { socket, answered } = upload(at, headers);
			const bytes = FILE + "x".repeat(500_000);
			socket.write(rest === "" ? `${bytes.length.toString(16)}\r\n${bytes}\r\n` : bytes);
			while (at.mediaBytes() === 0) await new Promise(setImmediate);
			socket.destroy();
			await answered;
			await at.mediaGone();
		}
		const form = new FormData();
		form.append("model", "m");
		form.append("file", new Blob(["RIFF"], { type: "audio/wav" }), "a.wav");
		assert.is((await fetch(at.url + PATH, { method: "POST", body: form })).status, 200);
		assert.is(at.upstream.requests.length, 1);
	}));

test("an upload that states a length beyond the bound is refused before it is read", () =>
	served([], async (at) => {
		const { socket, answered } = upload(at, `content-length: ${1 << 30}\r\n`);
		let sent = 0;
		const chunk = Buffer.alloc(64 * 1024);
		const send = (): void => {
			while (!socket.destroyed && socket.writable && sent < 1 << 30) {
				sent += chunk.length;
				if (!socket.write(chunk)) return;
			}
		};
		socket.on("drain", send);
		send();
		assert.match(await answered, /^HTTP\/1\.1 413 /);
		assert.ok(sent < 512 * 1024 * 1024, `${sent} bytes were taken`);
		assert.is(at.mediaBytes(), 0);
	}));

test("an upload without a length is refused at the bound, and nothing of it stays", () =>
	served(
		[],
		async (at) => {
			const { socket, answered } = upload(at, "transfer-encoding: chunked\r\n");
			const send = (text: string | Buffer): boolean =>
				socket.write(Buffer.concat([Buffer.from(`${text.length.toString(16)}\r\n`), Buffer.from(text), Buffer.from("\r\n")]));
			send(FILE);
			const chunk = Buffer.alloc(64 * 1024);
			let sent = 0;
			const more = (): void => {
				while (!socket.destroyed && socket.writable && sent < 1 << 28) {
					sent += chunk.length;
					if (!send(chunk)) return;
				}
			};
			socket.on("drain", more);
			more();
			assert.match(await answered, /^HTTP\/1\.1 413 /);
			assert.ok(sent < 64 * 1024 * 1024, `${sent} bytes were taken`);
			await at.mediaGone();
		},
		{ config: { server: { max_body_bytes: 1_000_000 } } },
	));

test("a form with a hundred thousand parts, giant headers, large fields or many files is refused", () =>
	served([], async (at) => {
		assert.equal(await refusal(at, `${field("a", "x").repeat(100_000)}--B--`), [413, "request_too_large"]);
		assert.equal(await refusal(at, `--B\r\nx: ${"x".repeat(1_000_000)}\r\n\r\n`), [413, "request_too_large"]);
		assert.equal(await refusal(at, `${field("prompt", "x".repeat(300_000))}--B--`), [413, "request_too_large"]);
		assert.equal(await refusal(at, `${field("prompt", "x".repeat(200_000)).repeat(6)}--B--`), [413, "request_too_large"]);
		assert.equal(await refusal(at, `${FILE}x\r\n${FILE}x\r\n--B--`), [400, "invalid_value"]);
		await at.mediaGone();
	}));

test("a body that is no form, or a form that is malformed, is refused", () =>
	served([], async (at) => {
		assert.equal(await refusal(at, "{}", "application/json"), [415, "unsupported_media_type"]);
		assert.equal(await refusal(at, "{}", "multipart/form-data"), [415, "unsupported_media_type"]);
		assert.equal(await refusal(at, "{}", "multipart/mixed; boundary=B"), [415, "unsupported_media_type"]);
		assert.equal(await refusal(at, "no form at all"), [400, "invalid_form"]);
		assert.equal(await refusal(at, `${FILE}no end`), [400, "invalid_form"]);
		assert.equal(await refusal(at, `${FILE.replace("audio/wav", "multipart/mixed; boundary=C")}x\r\n--B--`), [400, "invalid_form"]);
		assert.equal(await refusal(at, `${FILE.replace('"file"', '"other"')}x\r\n--B--`), [400, "unsupported_parameter"]);
		assert.equal(await refusal(at, `${field("model", "a")}${field("model", "b")}${FILE}x\r\n--B--`), [400, "invalid_value"]);
		assert.equal(await refusal(at, `${field("__proto__[x]", "a")}${FILE}x\r\n--B--`), [503, "no_candidate_backend"]);
		await at.mediaGone();
	}));

test("uploads count against the media quota of the client", () =>
	served(
		[said],
		async (at) => {
			assert.equal(await refusal(at, `${FILE}${"x".repeat(60_000)}\r\n--B--`), [403, "not_permitted"]);
			await at.mediaGone();
		},
		{ config: { media: { quota_bytes: 50_000 } } },
	));

test("uploads of one client at once are bounded, and the next one is told to come again", () =>
	served([said], async (at) => {
		const open = Array.from({ length: 32 }, () => upload(at, "content-length: 1000000\r\n"));
		for (const { socket } of open) socket.write(FILE + "x".repeat(1000));
		while (at.mediaBytes() < 32 * 900) await new Promise(setImmediate);
		assert.equal(await refusal(at, `${FILE}RIFF\r\n--B--`), [429, "rate_limit_exceeded"]);
		for (const { socket } of open) socket.destroy();
		await at.mediaGone();
		const form = new FormData();
		form.append("model", "m");
		form.append("file", new Blob(["RIFF"], { type: "audio/wav" }), "a.wav");
		assert.is((await fetch(at.url + PATH, { method: "POST", body: form })).status, 200);
	}));

test("a client without a key, or without the operation, is refused before its upload is stored", () =>
	served(
		[],
		async (at) => {
			for (const [key, status] of [
				["", 401],
				["authorization: Bearer a-key-of-a-client-of-a-test\r\n", 403],
			] as const) {
				const { socket, answered } = upload(at, `${key}content-length: 30000000\r\n`);
				socket.write(FILE);
				assert.match(await answered, new RegExp(`^HTTP/1\\.1 ${status} `));
			}
			assert.is(at.mediaBytes(), 0);
		},
		{ config: { clients: { app: { key_env: "APP_KEY", operations: ["embeddings"] } } }, env: { APP_KEY: "a-key-of-a-client-of-a-test" } },
	));

test("forms of curl are read", async () => {
	const run = promisify(execFile);
	const path = join(scratch(), "a clip.wav");
	writeFileSync(path, "RIFF    WAVE");
	await served([said, said], async ({ url, upstream, mediaGone }) => {
		const curl = (...args: string[]) => run("curl", ["--silent", "--show-error", ...args, `${url}${PATH}`]);
		const plain = await curl("-F", `file=@${path}`, "-F", "model=m", "-F", "response_format=text").catch((thrown: Error) => {
			if ("code" in thrown && thrown.code === "ENOENT") return undefined;
			throw thrown;
		});
		if (plain === undefined) return console.log("skipped: there is no curl");
		assert.is(plain.stdout, "Hi.\n");
		const named = await curl(
			"-F",
			`file=@${path};type=audio/wav;filename="q\\"uote.wav"`,
			"-F",
			"model=m;type=text/plain",
			"-F",
			"prompt=Grüße",
		);
		assert.equal(JSON.parse(named.stdout), { text: "Hi." });
		assert.match(upstream.requests[1]?.body ?? "", /name="prompt"\r\n\r\nGrüße\r\n/);
		await mediaGone();
	});
});

test.run();
