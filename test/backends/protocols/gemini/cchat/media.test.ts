import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { MediaRef } from "../../../../../generated/ir/types.ts";
import { memoryMedia } from "../../../../helpers/memory-media.ts";
import { answer } from "../../../../helpers/openai-server.ts";
import { chatEnvelope, parts } from "../../../chat-envelope.ts";
import { contextOf } from "../../../context.ts";
import { response, upstream } from "../upstream.ts";
import { requestOf } from "./request-of.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

const inline = (mime_type: string): MediaRef => ({ type: "inline", inline: { mime_type, data: PNG } });
const audio = (mime_type: string, format?: string): cchat.ContentPart => ({
	type: "audio",
	audio: { source: inline(mime_type), ...(format === undefined ? {} : { format }) },
});
const file = (mime_type: string): cchat.ContentPart => ({ type: "file", file: { source: inline(mime_type), filename: "a" } });

test("stored media and media behind URLs are sent with their bytes and type, images too", () => {
	const media = memoryMedia({
		cat: { bytes: PNG, mimeType: "image/png" },
		"https://a.example/dog": { bytes: PNG, mimeType: "image/jpg" },
		"https://a.example/paper": { bytes: PNG, mimeType: "application/pdf" },
	});
	const messages = [
		parts(
			"user",
			{ type: "image", image: { source: { type: "stored", stored: "sms+file://cat" } } },
			{ type: "image", image: { source: { type: "url", url: "https://a.example/dog" } } },
			{ type: "file", file: { source: { type: "url", url: "https://a.example/paper" } } },
		),
	];
	return upstream([answer.json(response([]))], async ({ chat, server }) => {
		await chat.unary(chatEnvelope({ messages }), contextOf({ media }));
		assert.equal((await server.request(0)).json(), {
			contents: [
				{
					role: "user",
					parts: ["image/png", "image/jpeg", "application/pdf"].map((mimeType) => ({ inlineData: { mimeType, data: "iVBORw==" } })),
				},
			],
		});
	});
});

test("media types have the API's names, and text of any kind is plain text", () => {
	const types = (...content: cchat.ContentPart[]): unknown => {
		const text = JSON.stringify(requestOf({ messages: [parts("user", ...content)] }));
		return [...text.matchAll(/"mimeType":"([^"]*)"/g)].map(([, type]) => type);
	};
	assert.equal(types(audio("audio/x-wav"), audio("AUDIO/MPEG"), audio("audio/flac", "wav"), audio("application/octet-stream", "AIFF")), [
		"audio/wav",
		"audio/mp3",
		"audio/flac",
		"audio/aiff",
	]);
	assert.equal(types(file("application/json; charset=utf-8"), file("text/markdown"), file("video/mp4")), [
		"text/plain",
		"text/markdown",
		"video/mp4",
	]);
});

test.run();
