/**
 * Stand-in for the packages of sherpa-onnx, with the exports of both. Speech is sound above a tenth of full scale. The text of a segment is its
 * duration. The loudest sample of a segment tells more: from 0.7 on, a recognition takes 200 ms; from 0.9 on, the thread ends.
 */
const BUSY_MS = 200;

class Vad {
	constructor(config) {
		if (!config.sileroVad.model.endsWith("silero_vad.onnx")) throw new Error("no model of a detector");
	}
	acceptWaveform(samples) {
		this.loud = samples.some((sample) => Math.abs(sample) > 0.1);
	}
	isDetected() {
		return this.loud;
	}
	isEmpty() {
		return true;
	}
	pop() {}
	reset() {
		this.loud = false;
	}
	free() {}
}

class OfflineRecognizer {
	constructor({ modelConfig }) {
		if (!modelConfig.tokens.endsWith("tokens.txt")) throw new Error("no tokens");
	}
	createStream() {
		const stream = {
			acceptWaveform(...given) {
				stream.samples = given.length === 1 ? given[0].samples : given[1];
			},
			free() {},
		};
		return stream;
	}
	decode({ samples }) {
		const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
		if (peak > 0.9) process.exit(9);
		if (peak > 0.7) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_MS);
	}
	getResult({ samples }) {
		return { text: ` ${Math.round(samples.length / 16)} ms. ` };
	}
}

module.exports = {
	Vad,
	OfflineRecognizer,
	createVad: (config) => new Vad(config),
	createOfflineRecognizer: (config) => new OfflineRecognizer(config),
};
