import { test } from "uvu";
import * as assert from "uvu/assert";
import { estimateAsrSize } from "../../src/normalize/asr.ts";
import { memoryMedia } from "../helpers/memory-media.ts";

/** Returns a WAV file of `samples` samples, 16-bit mono at 8000 Hz. */
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

test("the size of a transcription is the length of its recording when the header contains it", async () => {
	const media = memoryMedia({ clip: { bytes: wav(12_000), mimeType: "audio/wav" } });
	assert.equal(await estimateAsrSize({ audio: { type: "stored", stored: "sms+file://clip" } }, media), { audio_seconds: 1.5 });
});

test("the size of a transcription is unknown when the header does not contain a length", async () => {
	const media = memoryMedia({ song: { bytes: Buffer.from("ID3 and so on, long enough"), mimeType: "audio/mpeg" } });
	assert.equal(await estimateAsrSize({ audio: { type: "stored", stored: "sms+file://song" } }, media), {});
});

test.run();
