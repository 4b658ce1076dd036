/** What the adapter tells the library about a detector. */
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { detectorConfig } from "../../../../../src/backends/protocols/local/asr/sherpa.ts";
import { nativeLibrary } from "../../../../../src/backends/protocols/local/asr/sherpa-native.ts";

test("every threshold of a session is one that the library accepts, which reads 32-bit floats", () => {
	for (const threshold of [0, 1e-45, 0.01, 0.5, 1]) {
		const read = Math.fround(detectorConfig("/model", threshold).sileroVad.threshold);
		assert.ok(read > 0.01 && read < 1, `${threshold}: ${read}`);
	}
});

test("the collector of garbage knows of the memory of native detectors", () => {
	class Vad {
		isDetected = () => false;
		isEmpty = () => true;
		acceptWaveform(): void {}
		pop(): void {}
		reset(): void {}
	}
	const before = process.memoryUsage().arrayBuffers;
	const library = nativeLibrary({ OfflineRecognizer: Vad, Vad });
	const detectors = [0.4, 0.5].map((threshold) => library?.createDetector("/model", threshold));
	assert.ok(process.memoryUsage().arrayBuffers - before >= 20 * 1024 * 1024);
	assert.equal(
		detectors.map((detector) => detector?.isSpeech(new Float32Array(512))),
		[false, false],
	);
});

test.run();
