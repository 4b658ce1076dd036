import { type CpuProfile, CpuProfileBuilder, type ProfileFrame } from "./cpu-profile.ts";
import { wasmFrames } from "./wasm-stack.ts";

/** Shortest time between two captured samples, in microseconds. A sample costs about 10 µs. */
const MIN_INTERVAL_US = 1_000;
/** Name of the function that metering adds to a module, the innermost one of each check. */
const METER_FUNCTION = "spear.meter";
const IDLE: readonly ProfileFrame[] = [{ name: "(idle)", url: "" }];
const PROGRAM: readonly ProfileFrame[] = [{ name: "(program)", url: "" }];

export interface GuestProfilerOptions {
	/** Time between two samples of a guest that computes, in microseconds. The default is 5,000, the slice of metering. */
	readonly intervalUs?: number;
}

/**
 * Makes a CPU profile of a guest from stack traces taken while the guest computes. Frames are the functions of its core modules: those of
 * a language that compiles to WebAssembly, or of the engine that runs a script. Functions have names if the module has a name section.
 */
export class GuestProfiler {
	readonly #profile = new CpuProfileBuilder();
	readonly #intervalUs: number;
	#last: number | undefined;

	constructor({ intervalUs = 5_000 }: GuestProfilerOptions = {}) {
		this.#intervalUs = intervalUs;
	}

	/**
	 * Adds a sample. After a pause of more than two intervals, the guest counts as idle from one interval after the sample before: it waited
	 * for the host.
	 *
	 * @param stackText The `stack` of an error made at a check of metering.
	 * @param nowUs Time on a clock that does not go back, in microseconds.
	 */
	sample(stackText: string, nowUs: number): void {
		if (this.#last !== undefined && nowUs - this.#last > 2 * this.#intervalUs) this.#profile.add(this.#last + this.#intervalUs, IDLE);
		this.#last = nowUs;
		const frames = wasmFrames(stackText)
			.filter(({ name }) => name !== METER_FUNCTION)
			.map(({ name, index, url }) => ({ name: name ?? `wasm-function[${index}]`, url }));
		this.#profile.add(nowUs, frames.length === 0 ? PROGRAM : frames);
	}

	/**
	 * Adds a sample of the stack that this call is on, unless the last one is less than a millisecond old. To be called at a check of
	 * metering, which can be more frequent.
	 */
	capture(nowUs = performance.now() * 1_000): void {
		if (this.#last !== undefined && nowUs - this.#last < MIN_INTERVAL_US) return;
		this.sample(captureStack(), nowUs);
	}

	/** @param endUs End of the run, in microseconds. The default is the time of the last sample. */
	toCpuProfile(endUs?: number): CpuProfile {
		return this.#profile.toCpuProfile(endUs);
	}
}

/** Number of frames of a sample, those of the host included. */
const STACK_FRAMES = 128;

function captureStack(): string {
	const limit = Error.stackTraceLimit;
	Error.stackTraceLimit = STACK_FRAMES;
	try {
		return new Error().stack ?? "";
	} finally {
		Error.stackTraceLimit = limit;
	}
}
