import { ENGINE_RATE } from "./engines.ts";

/** Longest part of speech that is recognized at once, in samples: 15 seconds. The cost of recognition grows faster than the part. */
const MAX_PART = 15 * ENGINE_RATE;

/** Beginning of a part that is never cut, in samples. */
const MIN_PART = 10 * ENGINE_RATE;

/** Length of the quiet moment at which a long part is cut, in samples. */
const MOMENT = ENGINE_RATE / 10;

/** Samples of speech that goes on. Long speech is cut into parts, each at its quietest moment. */
export class SpeechSamples {
	#samples = new Float32Array(ENGINE_RATE);
	#length = 0;

	/** Number of samples since the last cut. */
	get length(): number {
		return this.#length;
	}

	/** Adds samples, and returns the parts that are cut off. */
	add(samples: Float32Array): Float32Array[] {
		const parts: Float32Array[] = [];
		for (let from = 0; from < samples.length; ) {
			const piece = samples.subarray(from, from + MAX_PART - this.#length);
			from += piece.length;
			this.#append(piece);
			if (this.#length === MAX_PART) parts.push(this.#cut());
		}
		return parts;
	}

	/** Returns a copy of the samples. */
	copy(): Float32Array {
		return this.#samples.slice(0, this.#length);
	}

	/** Removes and returns all samples. */
	take(): Float32Array {
		const taken = this.copy();
		this.#length = 0;
		return taken;
	}

	#append(samples: Float32Array): void {
		const length = this.#length + samples.length;
		if (length > this.#samples.length) {
			const larger = new Float32Array(Math.min(MAX_PART, Math.max(length, 2 * this.#samples.length)));
			larger.set(this.#samples.subarray(0, this.#length));
			this.#samples = larger;
		}
		this.#samples.set(samples, this.#length);
		this.#length = length;
	}

	#cut(): Float32Array {
		const at = quietest(this.#samples.subarray(0, this.#length), MIN_PART);
		const part = this.#samples.slice(0, at);
		this.#samples.copyWithin(0, at, this.#length);
		this.#length -= at;
		return part;
	}
}

/** Returns the middle of the quietest moment from `from` on. */
function quietest(samples: Float32Array, from: number): number {
	let quietest = samples.length;
	let least = Number.POSITIVE_INFINITY;
	for (let start = from; start + MOMENT <= samples.length; start += MOMENT / 2) {
		let energy = 0;
		for (let index = start; index < start + MOMENT; index++) energy += (samples[index] ?? 0) ** 2;
		if (energy < least) {
			least = energy;
			quietest = start + MOMENT / 2;
		}
	}
	return quietest;
}
