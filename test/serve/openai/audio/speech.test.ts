import OpenAI from "openai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer, OpenAiServer } from "../../../helpers/openai-server.ts";
import { apiError, requestOf, served } from "../media-server.ts";

const MP3 = { "content-type": "audio/mpeg" };
const REQUEST = { model: "tts", input: "Hello.", voice: "alloy" } as const;

test("the SDK receives the audio, and nothing stays in the store", () =>
	served([answer.text(Buffer.from("ID3 audio"), MP3)], async ({ sdk, mediaGone }) => {
		const response = await sdk.audio.speech.create(REQUEST);
		assert.is(response.headers.get("content-type"), "audio/mpeg");
		assert.is(response.headers.get("x-spear-backend"), "up");
		assert.is(Buffer.from(await response.arrayBuffer()).toString(), "ID3 audio");
		await mediaGone();
	}));

test("audio is sent while the upstream sends it", async () => {
	const { promise: heard, resolve } = Promise.withResolvers<void>();
	await served(
		[
			async (response) => {
				response.writeHead(200, MP3);
				response.write("ID3 one");
				await heard;
				response.end(" two");
			},
		],
		async ({ sdk }) => {
			const response = await sdk.audio.speech.create(REQUEST);
			const chunks: string[] = [];
			for await (const chunk of response.body ?? []) {
				chunks.push(Buffer.from(chunk).toString());
				resolve();
			}
			assert.equal(chunks, ["ID3 one", " two"]);
		},
	);
});

for (const [response_format, type] of [
	["wav", "audio/wav"],
	["opus", "audio/ogg"],
	["pcm", "audio/pcm"],
	["flac", "audio/flac"],
	["aac", "audio/aac"],
] as const) {
	test(`speech as ${response_format} is ${type}`, () =>
		served([answer.text(Buffer.from("some audio"), { "content-type": type })], async ({ sdk, upstream }) => {
			const response = await sdk.audio.speech.create({ ...REQUEST, response_format });
			assert.is(response.headers.get("content-type"), type);
			assert.is(Object(upstream.requests[0]?.json()).response_format, response_format);
		}));
}

test("speech in events ends with the usage", () =>
	served([answer.stream([Buffer.from("ID3 one"), Buffer.from(" two")], MP3)], async ({ sdk, mediaGone }) => {
		const response = await sdk.audio.speech.create({ ...REQUEST, stream_format: "sse" });
		const events = (await response.text())
			.split("\n\n")
			.flatMap((event) => (event === "" ? [] : [JSON.parse(event.slice("data: ".length))]));
		const last = events.pop();
		assert.is(Buffer.concat(events.map(({ audio }) => Buffer.from(audio, "base64"))).toString(), "ID3 one two");
		assert.equal([...new Set(events.map(({ type }) => type)), last.type], ["speech.audio.delta", "speech.audio.done"]);
		await mediaGone();
	}));

test("speech has no place for what was left out, so a header says it", () =>
	served([answer.text(Buffer.from("ID3 audio"), MP3)], async ({ sdk }) => {
		const response = await sdk.audio.speech.create({ ...REQUEST, metadata: { a: 1 } } as typeof REQUEST);
		assert.is(response.headers.get("x-spear-downgrades"), "metadata");
	}));

test("a request reaches the upstream as the SDK would send it", async () => {
	const direct = await OpenAiServer.start(answer.text(Buffer.from("ID3"), MP3), answer.text(Buffer.from("ID3"), MP3));
	try {
		const sdks = new OpenAI({ apiKey: "none", baseURL: direct.baseUrl, logLevel: "off" });
		const requests = [
			{ ...REQUEST, response_format: "mp3", speed: 1.5, instructions: "calm" },
			{ ...REQUEST, response_format: "mp3", voice: { id: "voice_12345678" } },
		] as const;
		await served([answer.text(Buffer.from("ID3"), MP3), answer.text(Buffer.from("ID3"), MP3)], async ({ sdk, upstream }) => {
			for (const request of requests) {
				await sdks.audio.speech.create(request);
				await sdk.audio.speech.create(request);
			}
			assert.equal(upstream.requests.map(requestOf), direct.requests.map(requestOf));
		});
	} finally {
		await direct.close();
	}
});

for (const [name, request, param] of [
	["no input", { input: undefined }, "input"],
	["blank input", { input: " " }, "input"],
	["an empty voice", { voice: "" }, "voice"],
	["an unknown format", { response_format: "mp4" }, "response_format"],
	["a speed beyond the range", { speed: 5 }, "speed"],
	["an unknown form", { stream_format: "json" }, "stream_format"],
	["a member that no backend takes", { emotion: "glad" }, "emotion"],
] as const) {
	test(`a request with ${name} is refused by its member`, () =>
		served([], async ({ sdk }) => {
			const error = await apiError(() => sdk.post("/audio/speech", { body: { ...REQUEST, ...request } }));
			assert.equal([error.name, error.param], ["BadRequestError", param]);
		}));
}

test("a failure in the middle of the audio breaks the answer off, or is its last event", () =>
	served(
		[
			answer.cutOff(Buffer.from("ID3 one"), { ...MP3, "content-length": "99" }),
			answer.cutOff(Buffer.from("ID3 one"), { ...MP3, "content-length": "99" }),
		],
		async ({ sdk, mediaGone }) => {
			const response = await sdk.audio.speech.create(REQUEST);
			let broken = false;
			await response.arrayBuffer().catch(() => {
				broken = true;
			});
			assert.ok(broken);
			const events = await (await sdk.audio.speech.create({ ...REQUEST, stream_format: "sse" })).text();
			const last = events.trim().split("\n\n").at(-1) ?? "";
			assert.is(JSON.parse(last.slice("data: ".length)).error.type, "server_error");
			await mediaGone();
		},
	));

test("a client that leaves in the middle of the audio ends the request at the upstream, and nothing stays in the store", () =>
	served([answer.flood(Buffer.alloc(1024, 1), MP3)], async ({ sdk, upstream, mediaGone }) => {
		const abort = new AbortController();
		const response = await sdk.audio.speech.create(REQUEST, { signal: abort.signal });
		await response.body?.getReader().read();
		abort.abort();
		assert.ok((await (await upstream.request(0)).ended).clientClosed);
		await mediaGone();
	}));

test.run();
