import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { A_LAW, aLawCode, MU_LAW, muLawCode } from "../../src/formats/g711.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Every linear sample. */
const ALL = Int16Array.from({ length: 0x1_0000 }, (_, index) => index - 0x8000);

test("µ-law codes have the samples of G.711, in the scale of 16 bits", () => {
	assert.equal(
		[0x00, 0x0f, 0x10, 0x7e, 0x7f].map((code) => MU_LAW[code]),
		[-32124, -16764, -15996, -8, 0],
	);
	assert.equal(
		[0x80, 0x8f, 0x90, 0xfe, 0xff].map((code) => MU_LAW[code]),
		[32124, 16764, 15996, 8, 0],
	);
});

test("A-law codes have the samples of G.711, in the scale of 16 bits", () => {
	assert.equal(
		[0x2a, 0x55, 0x54, 0x6a].map((code) => A_LAW[code]),
		[-32256, -8, -24, -2016],
	);
	assert.equal(
		[0xaa, 0xd5, 0xd4, 0xea].map((code) => A_LAW[code]),
		[32256, 8, 24, 2016],
	);
});

test("the tables are those of another implementation, in every code", () => {
	// Tables of audioop in Python 3.11, as 16-bit integers in little-endian order.
	assert.is(sha256(new Uint8Array(MU_LAW.buffer)), "3dab54339e520bb2c924826e3b72a917a2b612e9fd12fc867500f1d983a75827");
	assert.is(sha256(new Uint8Array(A_LAW.buffer)), "e04788d110e58ff8c70c93b8480190d973e3b67876b6119abbaec766cc75c174");
	assert.is(sha256(Uint8Array.from(ALL, aLawCode)), "38488f6fd710f4686360edc4d38639f96c491595ef93f8eb8d62d5e07ca6ce7b");
});

test("each code is that of its own sample", () => {
	for (let code = 0; code < 256; code++) {
		assert.is(aLawCode(A_LAW[code] ?? 0), code);
		// µ-law has two zeros.
		assert.is(muLawCode(MU_LAW[code] ?? 0), code === 0x7f ? 0xff : code);
	}
});

test("coding keeps a sample to a 32nd of its size", () => {
	for (const sample of ALL) {
		const bound = Math.abs(sample) / 32 + 16;
		assert.ok(Math.abs((MU_LAW[muLawCode(sample)] ?? 0) - sample) <= bound, `µ-law of ${sample}`);
		assert.ok(Math.abs((A_LAW[aLawCode(sample)] ?? 0) - sample) <= bound, `A-law of ${sample}`);
	}
});

test.run();
