import { test } from "uvu";
import * as assert from "uvu/assert";
import { estimateAsrSize } from "../../src/normalize/asr.ts";
import { memoryMedia } from "../helpers/memory-media.ts";

/** So many samples of 16-bit mono at 8000 Hz. */
function wav(samples: number): Uint8Array {
	const file = Buffer.alloc(44 + 2 * samples);
	file.write("RIFF\0\0\0\0WAVEfmt ", 0, "latin1");
	file.writeUInt32LE(16, 16);
	file.writeUInt32LE(8000, 24);
	file.writeUInt32LE(16_000, 28);
	file.write("data", 36, "latin1");
	file.writeUInt32LE(2 * samples, 40);
	return file;
}

test("the length of a recording that tells it", async () => {
	const media = memoryMedia({ clip: { bytes: wav(12_000), mimeType: "audio/wav" } });
	assert.equal(await estimateAsrSize({ audio: { type: "stored", stored: "sms+file://clip" } }, media), { audio_seconds: 1.5 });
});

test("nothing of one that does not", async () => {
	const media = memoryMedia({ song: { bytes: Buffer.from("ID3 and so on, long enough"), mimeType: "audio/mpeg" } });
	assert.equal(await estimateAsrSize({ audio: { type: "stored", stored: "sms+file://song" } }, media), {});
});

test.run();
