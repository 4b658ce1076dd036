/** Sound with one channel. */
export interface Sound {
	/** Samples from -1 to 1. */
	readonly samples: Float32Array;
	/** Sample rate, in Hz. */
	readonly rate: number;
}

/** Returns the sound of a WAV file with 16-bit samples, of its first channel. */
export function readWav(bytes: Uint8Array): Sound {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let rate = 0;
	let channels = 1;
	// A file is a list of chunks: four letters, a length, and the content.
	for (let at = 12; at + 8 <= bytes.length; ) {
		const name = String.fromCharCode(...bytes.subarray(at, at + 4));
		const length = Math.min(view.getUint32(at + 4, true), bytes.length - at - 8);
		if (name === "fmt ") {
			channels = view.getUint16(at + 10, true);
			rate = view.getUint32(at + 12, true);
		}
		if (name === "data") {
			const count = Math.floor(length / 2 / channels);
			return { rate, samples: Float32Array.from({ length: count }, (_, i) => view.getInt16(at + 8 + 2 * i * channels, true) / 32_768) };
		}
		at += 8 + length + (length % 2);
	}
	throw new Error("the recording is no WAV file");
}

/** Returns samples of another rate. Each lies on the line between its neighbours, which is good enough for speech. */
export function resample({ samples, rate }: Sound, to: number): Float32Array {
	return Float32Array.from({ length: Math.floor((samples.length * to) / rate) }, (_, i) => {
		const at = (i * rate) / to;
		const before = samples[Math.floor(at)] ?? 0;
		const after = samples[Math.floor(at) + 1] ?? before;
		return before + (after - before) * (at % 1);
	});
}

/** Returns samples as bytes: little-endian, signed, 16 bits. */
export function pcm16(samples: Float32Array): Uint8Array {
	const view = new DataView(new ArrayBuffer(2 * samples.length));
	for (const [i, sample] of samples.entries()) view.setInt16(2 * i, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
	return new Uint8Array(view.buffer);
}
