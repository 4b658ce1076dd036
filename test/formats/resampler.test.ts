import { array, assert as check, nat, property } from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Resampler } from "../../src/formats/resampler.ts";

/** Pairs of rates, in Hz: of recordings into that of recognizers, and of voices into those of sessions. */
const RATES = [
	[44_100, 16_000],
	[48_000, 16_000],
	[24_000, 16_000],
	[8000, 16_000],
	[11_025, 16_000],
	[384_000, 16_000],
	[16_000, 24_000],
	[16_000, 8000],
	[22_051, 16_000],
	[383_987, 16_000],
] as const;

function tone(frequency: number, rate: number, seconds = 0.2): Float32Array {
	return Float32Array.from({ length: Math.round(rate * seconds) }, (_, index) => Math.sin((2 * Math.PI * frequency * index) / rate));
}

function resample(samples: Float32Array, from: number, to: number, part = samples.length): Float32Array {
	const resampler = new Resampler(from, to);
	const output: number[] = [];
	for (let at = 0; at < samples.length; at += part) output.push(...resampler.add(samples.subarray(at, at + part)));
	return Float32Array.from([...output, ...resampler.end()]);
}

/** Returns the samples without the ends, whose surroundings are silence. */
const inner = (samples: Float32Array): Float32Array => samples.subarray(samples.length / 4, (samples.length * 3) / 4);

/** Returns the mean power in decibels below that of a tone. */
function decibels(samples: Float32Array): number {
	const power = inner(samples).reduce((sum, value) => sum + value ** 2, 0) / inner(samples).length;
	return 10 * Math.log10(power / 0.5);
}

test("a tone keeps its shape and its time", () => {
	for (const [from, to] of RATES) {
		for (const frequency of [100, 1000, 0.4 * Math.min(from, to)]) {
			const expected = tone(frequency, to);
			const output = resample(tone(frequency, from), from, to);
			assert.is(output.length, expected.length, `${from} to ${to}`);
			const error = decibels(output.map((value, index) => value - (expected[index] ?? 0)));
			assert.ok(error < -66, `${frequency} Hz from ${from} to ${to}: ${error.toFixed(1)} dB`);
		}
	}
});

test("frequencies that the lower rate cannot carry are removed, not mirrored", () => {
	for (const [from, to] of RATES) {
		if (from <= to) continue;
		for (const frequency of [to / 2 + 0.02 * to, 0.75 * to, from / 2 - 0.05 * to]) {
			if (frequency <= to / 2 || frequency >= from / 2) continue;
			const left = decibels(resample(tone(frequency, from), from, to));
			assert.ok(left < -75, `${frequency} Hz from ${from} to ${to}: ${left.toFixed(1)} dB`);
		}
	}
});

test("a higher rate has no images of the tone", () => {
	for (const [from, to] of [
		[8000, 16_000],
		[16_000, 24_000],
	] as const) {
		const output = resample(tone(3000, from), from, to);
		// The part at the mirrored frequency, by correlation.
		const image = 2 * Math.PI * ((from - 3000) / to);
		const [sine, cosine] = [Math.sin, Math.cos].map((wave) =>
			inner(output).reduce((sum, value, index) => sum + value * wave(image * index), 0),
		);
		const size = (2 * Math.hypot(sine ?? 0, cosine ?? 0)) / inner(output).length;
		assert.ok(20 * Math.log10(size) < -60, `${from} to ${to}: ${(20 * Math.log10(size)).toFixed(1)} dB`);
	}
});

test("the output is the same however the input is cut", () => {
	const samples = tone(440, 44_100, 0.05);
	const whole = resample(samples, 44_100, 16_000);
	check(
		property(array(nat(samples.length), { minLength: 1, maxLength: 12 }), (parts) => {
			const resampler = new Resampler(44_100, 16_000);
			const output: number[] = [];
			const ends = parts.sort((a, b) => a - b);
			for (const [index, end] of ends.entries()) output.push(...resampler.add(samples.subarray(ends[index - 1] ?? 0, end)));
			output.push(...resampler.add(samples.subarray(ends.at(-1))), ...resampler.end());
			assert.equal(Float32Array.from(output), whole);
		}),
		{ numRuns: 30 },
	);
});

test("equal rates leave the samples alone", () => {
	const samples = tone(440, 16_000);
	assert.is(new Resampler(16_000, 16_000).add(samples), samples);
	assert.is(new Resampler(16_000, 16_000).end().length, 0);
});

test("the length is that of the input in the new rate", () => {
	for (const [from, to] of RATES)
		for (const length of [0, 1, 2, 999, 10_001])
			assert.is(
				resample(new Float32Array(length), from, to, 100).length,
				Math.round((length * to) / from),
				`${length} at ${from} to ${to}`,
			);
});

test("a rate without a common divisor costs about as much as its neighbour", () => {
	const seconds = (from: number): number => {
		const resampler = new Resampler(from, 16_000);
		const samples = new Float32Array(from / 10);
		resampler.add(samples);
		const start = performance.now();
		for (let count = 0; count < 5; count++) resampler.add(samples);
		return performance.now() - start;
	};
	seconds(384_000);
	assert.ok(seconds(383_987) < 8 * seconds(384_000));
});

test.run();
