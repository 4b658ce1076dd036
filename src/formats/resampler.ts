/** Zero crossings of the filter on each side. More make the edge of the pass band steeper. */
const CROSSINGS = 32;

/** Values of the filter between two zero crossings. Values between them are interpolated, with an error below -100 dB. */
const STEPS = 512;

/** Edge of the pass band, in parts of half the lower sample rate. The stop band begins before 1. */
const CUTOFF = 0.92;

/** Shape of the Kaiser window: the stop band is 80 dB below the pass band. */
const BETA = 8;

/**
 * Most positions between two samples of the input that have weights of their own. Usual pairs of rates have at most 640. With more, the output is
 * interpolated between two of so many positions, with an error below -90 dB. To make the weights of each sample would take as long as hundreds of samples.
 */
const MAX_POSITIONS = 1024;

const NO_SAMPLES = new Float32Array(0);

let filter: Float32Array | undefined;

/**
 * Changes the sample rate of mono sound that arrives in parts. The filter is a sinc with a Kaiser window, so frequencies that the new rate
 * cannot carry are removed instead of being mirrored. The sound is not delayed: a sample keeps its time.
 *
 * @see https://ccrma.stanford.edu/~jos/resample/
 */
export class Resampler {
	/** Both rates without their common divisor. */
	readonly #from: number;
	readonly #to: number;
	/** Zero crossings of the filter by one sample of the input. */
	readonly #scale: number;
	/** Samples of the input on each side that an output sample depends on. */
	readonly #reach: number;
	/** Number of positions between two samples of the input that have weights. */
	readonly #positions: number;
	/** Weights of the input around a position between two of its samples, by the position in parts of `#positions`. */
	readonly #weights: Float32Array[] = [];
	/** Latest samples of the input. Silence precedes the first. */
	#input: Float32Array;
	/** Index of the input's sample 0 within `#input`. */
	#origin: number;
	/** Number of samples of the input. */
	#received = 0;
	/** Number of samples of the output. */
	#sent = 0;

	/** @param from Samples per second of the input, in Hz. @param to Those of the output. Both are whole numbers. */
	constructor(from: number, to: number) {
		const divisor = commonDivisor(from, to);
		this.#from = from / divisor;
		this.#to = to / divisor;
		this.#positions = Math.min(this.#to, MAX_POSITIONS);
		this.#scale = CUTOFF * Math.min(1, to / from);
		this.#reach = Math.ceil(CROSSINGS / this.#scale);
		this.#input = new Float32Array(this.#reach);
		this.#origin = this.#reach;
	}

	/** Adds samples, and returns those of the output whose surroundings are complete. */
	add(samples: Float32Array): Float32Array {
		if (this.#from === this.#to) return samples;
		this.#received += samples.length;
		this.#append(samples);
		const complete = Math.ceil(((this.#received - this.#reach) * this.#to) / this.#from);
		return this.#read(Math.max(0, complete));
	}

	/** Ends the input, and returns the rest of the output. */
	end(): Float32Array {
		if (this.#from === this.#to) return NO_SAMPLES;
		this.#append(new Float32Array(this.#reach + 1));
		return this.#read(Math.round((this.#received * this.#to) / this.#from));
	}

	/** Replaces samples that no further output depends on. */
	#append(samples: Float32Array): void {
		const first = Math.max(0, Math.floor((this.#sent * this.#from) / this.#to) - this.#reach + this.#origin);
		const kept = this.#input.subarray(first);
		const input = new Float32Array(kept.length + samples.length);
		input.set(kept);
		input.set(samples, kept.length);
		this.#input = input;
		this.#origin -= first;
	}

	/** Returns the output up to a number of samples. */
	#read(end: number): Float32Array {
		const output = new Float32Array(Math.max(0, end - this.#sent));
		for (let index = 0; index < output.length; index++, this.#sent++) {
			// Whole and remaining part apart: a sum of steps would lose precision in long sound.
			const ticks = this.#sent * this.#from;
			const whole = Math.floor(ticks / this.#to);
			output[index] = this.#valueAt((ticks - whole * this.#to) * (this.#positions / this.#to), this.#origin + whole - this.#reach + 1);
		}
		return output;
	}

	/** Returns the value of the sound at a position in parts of `#positions`. `start` is the index of the first sample that it depends on. */
	#valueAt(position: number, start: number): number {
		const before = Math.floor(position);
		const value = dot(this.#weightsAt(before), this.#input, start);
		if (position === before) return value;
		return value + (position - before) * (dot(this.#weightsAt(before + 1), this.#input, start) - value);
	}

	#weightsAt(position: number): Float32Array {
		this.#weights[position] ??= this.#makeWeights(position / this.#positions);
		return this.#weights[position];
	}

	/** Returns the weights of the samples around a position. `fraction` is its distance from the sample before it. */
	#makeWeights(fraction: number): Float32Array {
		filter ??= kaiserSinc();
		const weights = new Float32Array(2 * this.#reach);
		for (let index = 0; index < weights.length; index++) {
			const position = Math.abs(index - this.#reach + 1 - fraction) * this.#scale * STEPS;
			const step = Math.floor(position);
			const before = filter[step] ?? 0;
			weights[index] = this.#scale * (before + (position - step) * ((filter[step + 1] ?? 0) - before));
		}
		return weights;
	}
}

/** Returns the sum of samples, from `start` on, by their weights. */
function dot(weights: Float32Array, samples: Float32Array, start: number): number {
	let sum = 0;
	for (let index = 0; index < weights.length; index++) sum += (weights[index] ?? 0) * (samples[start + index] ?? 0);
	return sum;
}

function commonDivisor(a: number, b: number): number {
	return b === 0 ? a : commonDivisor(b, a % b);
}

/** Returns one side of the filter, from its middle on. */
function kaiserSinc(): Float32Array {
	const end = CROSSINGS * STEPS;
	return Float32Array.from({ length: end + 1 }, (_, index) => {
		const x = (Math.PI * index) / STEPS;
		const sinc = index === 0 ? 1 : Math.sin(x) / x;
		return (sinc * bessel(BETA * Math.sqrt(1 - (index / end) ** 2))) / bessel(BETA);
	});
}

/** Returns the modified Bessel function of the first kind and order zero. */
function bessel(x: number): number {
	let term = 1;
	let sum = 1;
	for (let k = 1; term > sum * 1e-12; k++) {
		term *= (x / (2 * k)) ** 2;
		sum += term;
	}
	return sum;
}
