import { test } from "uvu";
import * as assert from "uvu/assert";
import { wavFacts } from "../../src/formats/wav.ts";
import { UNKNOWN_LENGTH, wavHeader } from "../../src/formats/wav-header.ts";
import { wavLengthFixes } from "../../src/formats/wav-lengths.ts";

function fixed(file: Buffer): Buffer {
	const copy = Buffer.from(file);
	for (const { offset, bytes } of wavLengthFixes(file.subarray(0, 100), file.length)) copy.set(bytes, offset);
	return copy;
}

test("a file that was written as a stream gets the lengths of its samples and of the whole", () => {
	for (const declared of [UNKNOWN_LENGTH, 0, 5000]) {
		const file = fixed(Buffer.concat([wavHeader(declared, 16_000), Buffer.alloc(3200)]));
		assert.equal(file, Buffer.concat([wavHeader(3200, 16_000), Buffer.alloc(3200)]));
	}
	assert.equal(wavFacts(fixed(Buffer.concat([wavHeader(UNKNOWN_LENGTH, 8000), Buffer.alloc(16_000)])), 16_044), {
		sampleRate: 8000,
		seconds: 1,
	});
});

test("the samples are found behind other chunks", () => {
	const header = Buffer.from(wavHeader(UNKNOWN_LENGTH, 16_000));
	const list = Buffer.from("LIST\x05\0\0\0hello\0", "latin1");
	const file = fixed(Buffer.concat([header.subarray(0, 36), list, header.subarray(36), Buffer.alloc(64)]));
	assert.equal([file.readUInt32LE(4), file.readUInt32LE(36 + list.length + 4)], [file.length - 8, 64]);
});

test("valid files, files of other formats and cut headers stay as they are", () => {
	const valid = Buffer.concat([wavHeader(100, 16_000), Buffer.alloc(100), Buffer.from("LIST\0\0\0\0")]);
	assert.equal(wavLengthFixes(valid, valid.length), []);
	assert.equal(wavLengthFixes(Buffer.from("ID3 and more"), 5000), []);
	assert.equal(wavLengthFixes(valid.subarray(0, 20), 5000), []);
	assert.equal(wavLengthFixes(Buffer.alloc(0), 0), []);
});

test.run();
