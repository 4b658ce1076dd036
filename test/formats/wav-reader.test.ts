import { array, assert as check, nat, property } from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { AudioFormatError } from "../../src/formats/audio-format-error.ts";
import { aLawCode, muLawCode } from "../../src/formats/g711.ts";
import { WavReader } from "../../src/formats/wav-reader.ts";
import { cut } from "../helpers/openai-server.ts";
import { wavFile } from "../helpers/wav-file.ts";

function chunk(name: string, body: Uint8Array, size = body.length): Buffer {
	const head = Buffer.alloc(8);
	head.write(name, 0, "latin1");
	head.writeUInt32LE(size, 4);
	return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

interface Form {
	readonly tag?: number;
	readonly channels?: number;
	readonly rate?: number;
	readonly bits?: number;
	readonly frameBytes?: number;
	/** Tag of the subformat of an extensible form. */
	readonly subformat?: number;
}

function format({
	tag = 1,
	channels = 1,
	rate = 16_000,
	bits = 16,
	frameBytes = channels * Math.ceil(bits / 8),
	subformat,
}: Form = {}): Buffer {
	const body = Buffer.alloc(subformat === undefined ? 16 : 40);
	body.writeUInt16LE(subformat === undefined ? tag : 0xfffe, 0);
	body.writeUInt16LE(channels, 2);
	body.writeUInt32LE(rate, 4);
	body.writeUInt32LE(rate * frameBytes, 8);
	body.writeUInt16LE(frameBytes, 12);
	body.writeUInt16LE(bits, 14);
	if (subformat !== undefined) {
		body.writeUInt16LE(22, 16);
		body.writeUInt16LE(bits, 18);
		body.writeUInt16LE(subformat, 24);
		body.write("000000001000800000aa00389b71", 26, "hex");
	}
	return chunk("fmt ", body);
}

function wav(...chunks: Buffer[]): Buffer {
	return Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVE", "latin1"), ...chunks]);
}

/** Returns bytes of which each value was written by `write`. */
function bytesOf(values: readonly number[], width: number, write: (bytes: Buffer, value: number, at: number) => unknown): Buffer {
	const bytes = Buffer.alloc(width * values.length);
	for (const [index, value] of values.entries()) write(bytes, value, width * index);
	return bytes;
}

const int16 = (...values: number[]): Buffer => bytesOf(values, 2, (bytes, value, at) => bytes.writeInt16LE(value, at));

function read(...parts: Uint8Array[]): number[] {
	const reader = new WavReader();
	const samples = parts.flatMap((part) => [...reader.add(part)]);
	reader.end();
	return samples;
}

function fault(...parts: Uint8Array[]): string {
	try {
		read(...parts);
	} catch (thrown) {
		if (thrown instanceof AudioFormatError) return `${thrown.message} ${thrown.extension ?? ""}`.trim();
		throw thrown;
	}
	return "read";
}

test("each width of integers and floats is read in the same scale", () => {
	const wide = (bits: number, values: Buffer, tag = 1): number[] => read(wav(format({ tag, bits }), chunk("data", values)));
	assert.equal(wide(8, Buffer.of(0, 64, 128, 192)), [-1, -0.5, 0, 0.5]);
	assert.equal(wide(16, int16(-0x8000, -0x4000, 0, 0x4000)), [-1, -0.5, 0, 0.5]);
	assert.equal(wide(24, Buffer.from("000080000000ffffff000040", "hex")), [-1, 0, -1 / 0x80_0000, 0.5]);
	assert.equal(wide(32, Buffer.from("0000008000000040", "hex")), [-1, 0.5]);
	assert.equal(
		wide(
			32,
			bytesOf([-1, 0.25, 7, Number.NaN], 4, (bytes, value, at) => bytes.writeFloatLE(value, at)),
			3,
		),
		[-1, 0.25, 1, 0],
	);
	assert.equal(
		wide(
			64,
			bytesOf([-1, 0.25, -7], 8, (bytes, value, at) => bytes.writeDoubleLE(value, at)),
			3,
		),
		[-1, 0.25, -1],
	);
	assert.equal(wide(8, Buffer.of(muLawCode(-16764), muLawCode(0)), 7), [-16764 / 0x8000, 0]);
	assert.equal(wide(8, Buffer.of(aLawCode(-8064), aLawCode(8)), 6), [-8064 / 0x8000, 8 / 0x8000]);
});

test("samples of fewer bits than their bytes are read at the most significant end", () => {
	const padded = format({ bits: 24, frameBytes: 4, subformat: 1 });
	assert.equal(read(wav(padded, chunk("data", Buffer.from("00000080", "hex")))), [-1]);
	assert.equal(read(wav(format({ bits: 12 }), chunk("data", int16(-0x8000)))), [-1]);
});

test("channels are mixed to their mean", () => {
	assert.equal(read(wav(format({ channels: 2 }), chunk("data", int16(0x4000, -0x4000, 0x4000, 0)))), [0, 0.25]);
	assert.equal(read(wav(format({ channels: 4, bits: 8 }), chunk("data", Buffer.of(128, 128, 128, 192)))), [0.125]);
});

test("an extensible format is the one of its subformat", () => {
	// Computation with the smallest floats takes many times as long.
	const tiny = bytesOf([Number.NaN, 1e-40, -1e-10, 2 ** -31, 7], 4, (bytes, value, at) => bytes.writeFloatLE(value, at));
	assert.equal(read(wav(format({ tag: 3, bits: 32 }), chunk("data", tiny))), [0, 0, 0, 2 ** -31, 1]);
	const floats = bytesOf([0.5], 4, (bytes, value, at) => bytes.writeFloatLE(value, at));
	assert.equal(read(wav(format({ bits: 32, subformat: 3 }), chunk("data", floats))), [0.5]);
	const other = format({ subformat: 1 });
	other[8 + 30] = 0x11;
	assert.is(fault(wav(other, chunk("data", int16(1)))), "its samples are of an unknown extended format");
});

test("a file reads the same however its bytes are cut, whatever chunks surround the samples", () => {
	const samples = chunk("data", int16(0x4000, 0, 0, 0x2000, -0x4000, 0));
	const file = wav(chunk("LIST", Buffer.from("odd")), format({ channels: 2, subformat: 1 }), chunk("junk", Buffer.alloc(50)), samples);
	const whole = Buffer.concat([file, chunk("id3 ", Buffer.alloc(99, 7))]);
	check(
		property(array(nat(250), { maxLength: 20 }), (offsets) => {
			assert.equal(read(...cut(whole, offsets)), [0.25, 0.125, -0.25]);
		}),
	);
});

test("chunks before the samples may be larger than what is held", () => {
	const file = wav(chunk("LIST", Buffer.alloc(300_000, "fmt ")), format(), chunk("data", int16(0x4000)));
	assert.equal(read(file.subarray(0, 100_000), file.subarray(100_000)), [0.5]);
});

test("samples without a valid declared length, and truncated ones, are read to the end of the file", () => {
	for (const declared of [0, 0xffff_ffff, 0xffff_ffff - 36, 0x7fff_ffff, 1000])
		assert.equal(read(wav(format(), chunk("data", int16(0x4000, 0), declared))), [0.5, 0], String(declared));
	assert.equal(read(wav(format(), chunk("data", int16(0x4000, 0))).subarray(0, -1)), [0.5]);
});

test("an RF64 file has its length in a chunk of its own", () => {
	const ds64 = Buffer.alloc(28);
	ds64.writeBigUInt64LE(4n, 8);
	const chunks = [chunk("ds64", ds64), format(), chunk("data", int16(0x4000, 0), 0xffff_ffff), int16(1, 2, 3)];
	assert.equal(read(Buffer.concat([Buffer.from("RF64\xff\xff\xff\xffWAVE", "latin1"), ...chunks])), [0.5, 0]);
});

test("a file that was written here is read again", () => {
	const samples = Float32Array.of(0, 0.5, -1, 1.5);
	assert.equal(read(wavFile(samples, 8000)), [0, 0.5, -1, 0x7fff / 0x8000]);
	const reader = new WavReader();
	reader.add(wavFile(samples, 8000));
	assert.equal(reader.format, { encoding: "pcm", sampleRate: 8000, channels: 1, sampleBytes: 2 });
});

test("another format is refused by its name", () => {
	const beginnings: Readonly<Record<string, string>> = {
		"it is MP3 mp3": "ID3\x04\0\0\0\0\0\0\0\0",
		"it is AAC aac": "\xff\xf1\x50\x80\0\0\0\0\0\0\0\0",
		"it is Ogg ogg": "OggS\0\x02\0\0\0\0\0\0",
		"it is FLAC flac": "fLaC\0\0\0\x22\0\0\0\0",
		"it is M4A (MPEG-4) m4a": "\0\0\0\x20ftypM4A ",
		"it is WebM or Matroska webm": "\x1a\x45\xdf\xa3\x9fB\x86\x81\x01BBB",
		"it is AIFF aiff": "FORM\0\0\0\0AIFF",
		"it is AU au": ".snd\0\0\0\x18\0\0\0\0",
		"it is AMR amr": "#!AMR\n\0\0\0\0\0\0",
		"it is WMA (ASF) wma": "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa",
		"it is big-endian WAV (RIFX) wav": "RIFX\0\0\0\0WAVE",
		"it is AVI avi": "RIFF\0\0\0\0AVI ",
		"it is no WAV file": "RIFF\0\0\0\0WEBP",
	};
	for (const [words, beginning] of Object.entries(beginnings)) {
		const bytes = Buffer.concat([Buffer.from(beginning, "latin1"), Buffer.alloc(100)]);
		assert.is(fault(bytes), words);
		assert.is(fault(...cut(bytes, [1, 3, 7])), words);
	}
	assert.is(fault(Buffer.from("\xff\xfb\x90\x64\0\0\0\0\0\0\0\0", "latin1")), "it is MP3 mp3");
	assert.is(fault(Buffer.from("\xff\xff\xff\xff\0\0\0\0\0\0\0\0", "latin1")), "it is no WAV file");
});

test("samples of another form are refused with what was found", () => {
	const of = (form: Form): string => fault(wav(format(form), chunk("data", int16(1))));
	assert.is(of({ tag: 0x11 }), "its samples are compressed as IMA ADPCM");
	assert.is(of({ tag: 0x1234 }), "its samples are compressed as format 0x1234");
	assert.is(of({ bits: 64 }), "its samples are 64-bit pcm, which cannot be read");
	assert.is(of({ tag: 3, bits: 16 }), "its samples are 16-bit float, which cannot be read");
	assert.is(of({ bits: 0 }), "its samples are 0-bit pcm, which cannot be read");
	assert.is(of({ channels: 0 }), "it has 0 channels; 1 to 64 can be read");
	assert.is(of({ channels: 65 }), "it has 65 channels; 1 to 64 can be read");
	assert.is(of({ rate: 0 }), "its sample rate is 0 Hz; 1000 to 384000 Hz can be read");
	assert.is(of({ rate: 400_000 }), "its sample rate is 400000 Hz; 1000 to 384000 Hz can be read");
});

test("a file without samples is refused", () => {
	assert.is(fault(), "it is empty");
	assert.is(fault(Buffer.from("RIFF")), "it is no WAV file");
	assert.is(fault(wav(format())), "it is a WAV file without samples");
	assert.is(fault(wav(chunk("data", int16(1)))), "it is a WAV file whose samples have no format");
	assert.is(fault(wav(chunk("fmt ", Buffer.alloc(8)), chunk("data", int16(1)))), "it is a WAV file whose samples have no format");
});

test.run();
