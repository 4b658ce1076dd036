import { array, assert as check, nat, property } from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type WavFacts, WavMeter, wavFacts } from "../../src/formats/wav.ts";
import { cut } from "../helpers/openai-server.ts";

function chunk(name: string, body: Buffer, size = body.length): Buffer {
	const head = Buffer.alloc(8);
	head.write(name, 0, "latin1");
	head.writeUInt32LE(size, 4);
	return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** Returns the format chunk of 16-bit stereo at 44,100 Hz. */
function format({ sampleRate = 44_100, bytesPerSecond = 176_400 } = {}): Buffer {
	const body = Buffer.alloc(16);
	body.writeUInt16LE(1, 0);
	body.writeUInt16LE(2, 2);
	body.writeUInt32LE(sampleRate, 4);
	body.writeUInt32LE(bytesPerSecond, 8);
	body.writeUInt16LE(4, 12);
	body.writeUInt16LE(16, 14);
	return chunk("fmt ", body);
}

function wav(...chunks: Buffer[]): Buffer {
	return Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVE", "latin1"), ...chunks]);
}

function measure(...parts: Uint8Array[]): WavFacts | undefined {
	const meter = new WavMeter();
	for (const part of parts) meter.add(part);
	return meter.facts();
}

const second = Buffer.alloc(176_400);

test("the samples of a WAV file are measured, whatever chunks surround them", () => {
	const file = wav(chunk("LIST", Buffer.from("odd")), format(), chunk("data", second), chunk("id3 ", Buffer.alloc(1000)));
	assert.equal(measure(file), { sampleRate: 44_100, seconds: 1 });
});

test("a WAV file measures the same however its bytes are cut", () => {
	const file = wav(chunk("LIST", Buffer.from("odd")), format(), chunk("data", second.subarray(0, 17_640)));
	check(
		property(array(nat(200), { maxLength: 20 }), (offsets) => {
			assert.equal(measure(...cut(file, offsets)), { sampleRate: 44_100, seconds: 0.1 });
		}),
	);
});

test("samples without a valid declared length are counted", () => {
	for (const declared of [0, 0xffff_ffff, 0x7fff_ffff]) {
		assert.equal(measure(wav(format(), chunk("data", second, declared))), { sampleRate: 44_100, seconds: 1 });
	}
});

test("a file that is not WAV or is incomplete has no measure", () => {
	assert.is(measure(), undefined);
	assert.is(measure(Buffer.from("ID3 and so on, long enough")), undefined);
	assert.is(measure(wav()), undefined);
	assert.is(measure(wav(format())), undefined);
	assert.is(measure(wav(format()).subarray(0, 30)), undefined);
	assert.is(measure(wav(chunk("data", second), format())), undefined);
	assert.is(measure(wav(format({ bytesPerSecond: 0 }), chunk("data", second))), undefined);
	assert.is(measure(wav(chunk("junk", Buffer.alloc(70_000)), format(), chunk("data", second)).subarray(0, 68_000)), undefined);
});

test("a WAV file is measured by its beginning if that holds the header", () => {
	const file = wav(chunk("LIST", Buffer.from("odd")), format(), chunk("data", second));
	assert.equal(wavFacts(file.subarray(0, 100), file.length), { sampleRate: 44_100, seconds: 1 });
	assert.equal(wavFacts(file, file.length), { sampleRate: 44_100, seconds: 1 });
	assert.is(wavFacts(file.subarray(0, 40), file.length), "incomplete");
	assert.is(wavFacts(Buffer.from("ID3 and so on, long enough"), 1000), undefined);
	assert.is(wavFacts(new Uint8Array(), 0), "incomplete");
});

test.run();
