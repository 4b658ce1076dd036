import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { normalizeAsr } from "../../src/normalize/asr.ts";
import { memoryMedia } from "../helpers/memory-media.ts";

test("a request with inline bytes refers to a stored object, and the default task is transcribe", async () => {
	const media = memoryMedia();
	const audio = { type: "inline", inline: { data: Uint8Array.of(1, 2), mime_type: "audio/wav" } } as const;
	assert.equal(await normalizeAsr({ audio }, media), { audio: { type: "stored", stored: "sms+file://m1" }, task: "transcribe" });
	assert.equal(media.stored.get("m1"), { bytes: Uint8Array.of(1, 2), mimeType: "audio/wav" });
});

test("an empty prompt and an empty list of timestamps are omitted, and all other options are kept", async () => {
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

test("a request is refused when its recording is empty or not available to the guest", async () => {
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
		"invalid_request: audio.inline.data: is empty; there is nothing to transcribe",
	);
	assert.is(await refusal({ type: "stored", stored: "sms+file://other" }), "not_permitted: no such media object");
});

test.run();
