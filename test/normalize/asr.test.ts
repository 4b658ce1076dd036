import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { normalizeAsr } from "../../src/normalize/asr.ts";
import { memoryMedia } from "../helpers/memory-media.ts";

test("puts inline bytes into the store and transcribes unless told to translate", async () => {
	const media = memoryMedia();
	const audio = { type: "inline", inline: { data: Uint8Array.of(1, 2), mime_type: "audio/wav" } } as const;
	assert.equal(await normalizeAsr({ audio }, media), { audio: { type: "stored", stored: "sms+file://m1" }, task: "transcribe" });
	assert.equal(media.stored.get("m1"), { bytes: Uint8Array.of(1, 2), mimeType: "audio/wav" });
});

test("keeps what is asked for and leaves out what asks for nothing", async () => {
	const media = memoryMedia({ clip: { bytes: Uint8Array.of(1), mimeType: "audio/wav" } });
	const audio = { type: "stored", stored: "sms+file://clip" } as const;
	assert.equal(
		await normalizeAsr({ audio, task: "translate", timestamps: ["word", "segment"], prompt: "Names: Ada", temperature: 0 }, media),
		{
			audio,
			task: "translate",
			timestamps: ["segment", "word"],
			prompt: "Names: Ada",
			temperature: 0,
		},
	);
	assert.equal(await normalizeAsr({ audio, timestamps: [], prompt: "" }, media), { audio, task: "transcribe" });
});

test("refuses an empty recording and passes on what the store says", async () => {
	const refusal = async (audio: Parameters<typeof normalizeAsr>[0]["audio"]): Promise<string> => {
		try {
			await normalizeAsr({ audio }, memoryMedia());
		} catch (error) {
			if (error instanceof SpearError) return `${error.code}: ${error.message}`;
		}
		return "accepted";
	};
	assert.is(
		await refusal({ type: "inline", inline: { data: new Uint8Array(), mime_type: "audio/wav" } }),
		"invalid_request: audio.inline.data: is empty; there is nothing to write down",
	);
	assert.is(await refusal({ type: "stored", stored: "sms+file://other" }), "not_permitted: no such media object");
});

test.run();
