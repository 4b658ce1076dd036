import { test } from "uvu";
import * as assert from "uvu/assert";
import type { MediaRef } from "../../../../../generated/ir/types.ts";
import { memoryMedia } from "../../../../helpers/memory-media.ts";
import { answer } from "../../../../helpers/openai-server.ts";
import { chatEnvelope, parts } from "../../../chat-envelope.ts";
import { contextOf } from "../../../context.ts";
import { upstream, wholeMessage } from "../upstream.ts";

const stored = (id: string): MediaRef => ({ type: "stored", stored: `sms+file://${id}` });

test("stored media are sent with their bytes and type", () => {
	const media = memoryMedia({
		cat: { bytes: Uint8Array.of(0x89, 0x50), mimeType: "image/png" },
		paper: { bytes: Uint8Array.of(0x25), mimeType: "application/pdf" },
	});
	const messages = [
		parts(
			"user",
			{ type: "image", image: { source: stored("cat") } },
			{ type: "file", file: { source: stored("paper"), filename: "a.pdf" } },
		),
	];
	return upstream([answer.json(wholeMessage([]))], async ({ chat, server }) => {
		await chat.unary(chatEnvelope({ messages }), contextOf({ media }));
		assert.equal((await server.request(0)).json(), {
			model: "claude",
			max_tokens: 16_000,
			messages: [
				{
					role: "user",
					content: [
						{ type: "image", source: { type: "base64", media_type: "image/png", data: "iVA=" } },
						{ type: "document", source: { type: "base64", media_type: "application/pdf", data: "JQ==" }, title: "a.pdf" },
					],
				},
			],
		});
	});
});

test.run();
