/** Names from guests and upstreams that an object literal inherits: no table has an entry for them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { tonesOf } from "../../../../src/backends/kinds/stub/tts-tone.ts";
import { recordingPart } from "../../../../src/backends/protocols/openai/asr/file.ts";
import { chatMessage } from "../../../../src/backends/protocols/openai/cchat/message.ts";
import { imageFile } from "../../../../src/backends/protocols/openai/img/file.ts";
import { readOptions } from "../../../../src/backends/protocols/openai/options.ts";
import { speechOf } from "../../../../src/backends/protocols/openai/tts/response.ts";
import { exchangeOf } from "../../../../src/transport/http/exchange.ts";
import { INHERITED_NAMES } from "../../../helpers/inherited-names.ts";
import { memoryMedia } from "../../../helpers/memory-media.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { parts } from "../../chat-envelope.ts";
import { contextOf } from "../../context.ts";

const OPTIONS = readOptions({
	name: "up",
	kind: "openai-compatible",
	base_url: "http://127.0.0.1/v1",
	models: ["small"],
	options: {},
});

async function* octets(): AsyncGenerator<Uint8Array, void, void> {
	yield Uint8Array.of(1);
}

test("an image whose subtype is an inherited name is sent with the subtype as its extension", async () => {
	for (const name of ["constructor", "toString", "valueOf"]) {
		const media = memoryMedia({ a: { bytes: Buffer.from("a"), mimeType: `image/${name}` } });
		const { filename } = await imageFile({ type: "stored", stored: "sms+file://a" }, "image[]", "image", contextOf({ media }));
		assert.is(filename, `image.${name}`);
	}
});

test("a recording whose media type is an inherited name is refused", async () => {
	for (const name of INHERITED_NAMES) {
		const { code } = await failure(
			Promise.try(() => recordingPart({ mimeType: name, size: 1, stream: octets, bytes: async () => Uint8Array.of(1) })),
		);
		assert.is(code, "invalid_request", name);
	}
});

test("audio in a message is refused when its media type is an inherited name", async () => {
	for (const name of INHERITED_NAMES) {
		const source = { type: "inline", inline: { data: Uint8Array.of(1), mime_type: name } } as const;
		const { code } = await failure(Promise.try(() => chatMessage(parts("user", { type: "audio", audio: { source } }), "m", OPTIONS)));
		assert.is(code, "invalid_request", name);
	}
});

test("speech whose content type is an inherited name has the requested type", async () => {
	const exchange = exchangeOf("POST", new URL("http://127.0.0.1/v1/audio/speech"), {});
	for (const contentType of INHERITED_NAMES) {
		const { mimeType } = await speechOf({ contentType, exchange, headers: {}, chunks: octets(), discard() {} }, "mp3");
		assert.is(mimeType, "audio/mpeg", contentType);
	}
});

test("the stub generates a tone without pitch for a voice whose name is inherited", () => {
	for (const voice of INHERITED_NAMES) {
		assert.equal(
			tonesOf("Hi", voice, 1).map(({ hertz }) => hertz),
			[0],
			voice,
		);
	}
});

test.run();
