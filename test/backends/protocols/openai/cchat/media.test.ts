import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { MediaRef } from "../../../../../generated/ir/types.ts";
import { withMedia } from "../../../../../src/backends/kit/chat/media.ts";
import { memoryMedia } from "../../../../helpers/memory-media.ts";
import { answer } from "../../../../helpers/openai-server.ts";
import { turnsOf } from "../../../../helpers/turn-count.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect, parts, say } from "../../../chat-envelope.ts";
import { contextOf } from "../../../context.ts";
import { chunk, completion, upstream } from "../upstream.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const MEBIBYTE = 1024 * 1024;

const stored = (id: string): MediaRef => ({ type: "stored", stored: `sms+file://${id}` });
const url = (text: string): MediaRef => ({ type: "url", url: text });
const image = (source: MediaRef): cchat.ContentPart => ({ type: "image", image: { source } });
const audio = (source: MediaRef): cchat.ContentPart => ({ type: "audio", audio: { source } });
const file = (source: MediaRef): cchat.ContentPart => ({ type: "file", file: { source, filename: "a.pdf" } });

test("stored media are sent with their bytes and type, unary and streamed", async () => {
	const media = memoryMedia({
		cat: { bytes: PNG, mimeType: "image/png" },
		word: { bytes: PNG, mimeType: "audio/wav; codecs=1" },
		paper: { bytes: PNG, mimeType: "application/pdf" },
	});
	const messages = [say("system", "Look."), parts("user", image(stored("cat")), audio(stored("word")), file(stored("paper")))];
	const expected = [
		{ role: "system", content: "Look." },
		{
			role: "user",
			content: [
				{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw==" } },
				{ type: "input_audio", input_audio: { data: "iVBORw==", format: "wav" } },
				{ type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,iVBORw==" } },
			],
		},
	];
	await upstream([answer.json(completion({ content: "A cat." }))], async ({ chat, server }) => {
		await chat.unary(chatEnvelope({ messages }), contextOf({ media }));
		assert.equal(server.requests[0]?.json(), { model: "small", messages: expected });
	});
	const streamed = Buffer.from(`data: ${JSON.stringify(chunk({ content: "A cat." }, "stop"))}\n\ndata: [DONE]\n\n`);
	await upstream([answer.stream(streamed)], async ({ chat, server }) => {
		await collect(chat.stream(chatEnvelope({ messages }), contextOf({ media })));
		const sent: unknown = server.requests[0]?.json();
		assert.equal(sent, { model: "small", messages: expected, stream: true, stream_options: { include_usage: true } });
	});
});

test("the URL of an image is passed on, and URLs of audio and files are fetched", async () => {
	const media = memoryMedia({
		"https://a.example/word.mp3": { bytes: PNG, mimeType: "audio/mpeg" },
		"https://a.example/paper": { bytes: PNG, mimeType: "application/pdf" },
	});
	const content = [image(url("https://a.example/cat")), audio(url("https://a.example/word.mp3")), file(url("https://a.example/paper"))];
	await upstream([answer.json(completion({ content: "Hm." }))], async ({ chat, server }) => {
		await chat.unary(chatEnvelope({ messages: [parts("user", ...content)] }), contextOf({ media }));
		assert.equal(server.requests[0]?.json(), {
			model: "small",
			messages: [
				{
					role: "user",
					content: [
						{ type: "image_url", image_url: { url: "https://a.example/cat" } },
						{ type: "input_audio", input_audio: { data: "iVBORw==", format: "mp3" } },
						{ type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,iVBORw==" } },
					],
				},
			],
		});
	});
});

test("media above the limit of one request are refused by name, and nothing is sent", async () => {
	const media = memoryMedia({
		first: { bytes: new Uint8Array(30 * MEBIBYTE), mimeType: "image/png" },
		second: { bytes: new Uint8Array(20 * MEBIBYTE + 1), mimeType: "image/png" },
	});
	const messages = [parts("user", image(stored("first")), image(stored("second")))];
	await upstream([], async ({ chat, server }) => {
		const error = await failure(chat.unary(chatEnvelope({ messages }), contextOf({ media })));
		assert.is(error.code, "invalid_request");
		assert.is(
			error.message,
			"messages[0].content[1].image.source: a request to this backend carries at most 52428800 bytes of media; send less",
		);
		assert.is(server.requests.length, 0);
	});
});

test("a reference that cannot be opened fails the call before anything is sent", async () => {
	await upstream([], async ({ chat, server }) => {
		const error = await failure(
			chat.unary(chatEnvelope({ messages: [parts("user", image(stored("none")))] }), contextOf({ media: memoryMedia() })),
		);
		assert.is(error.code, "not_permitted");
		assert.is(server.requests.length, 0);
	});
});

test("a conversation of thousands of messages is searched for media over several turns of the event loop", async () => {
	const messages = Array.from({ length: 5120 }, () => say("user", "Hi"));
	assert.ok((await turnsOf(async () => withMedia(messages, contextOf({ media: memoryMedia() })))) >= 9);
});

test.run();
