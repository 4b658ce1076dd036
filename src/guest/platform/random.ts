/**
 * Random numbers of the host. A component is a copy of the engine's memory, so the engine's own generator would start every instance with
 * the same numbers.
 */
import { getRandomBytes } from "wasi:random/random@0.2.12";
import { isStarted } from "./run-state.ts";

/** Bytes that one call of the host returns at most. */
const CHUNK_BYTES = 65_536;

/**
 * Returns bytes of the host's secure generator.
 *
 * @throws TypeError during the build of the guest.
 */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
	if (!isStarted())
		throw new TypeError("the top level of a guest runs during its build, where no random numbers exist; ask for them in `run`");
	const bytes = new Uint8Array(length);
	for (let start = 0; start < length; start += CHUNK_BYTES) bytes.set(getRandomBytes(Math.min(CHUNK_BYTES, length - start)), start);
	return bytes;
}

/** The generator of the engine, for the top level of the guest. */
const engineRandom = Math.random;

/** State of the generator xoshiro128**. Empty before the first number. */
let state: Uint32Array | undefined;

/**
 * Returns a number from 0 up to but not including 1, as `Math.random` does. The generator is seeded by the host. Not for secrets.
 *
 * @see https://prng.di.unimi.it/xoshiro128starstar.c
 */
export function random(): number {
	if (!isStarted()) return engineRandom();
	state ??= new Uint32Array(randomBytes(16).buffer);
	const high = next(state) >>> 5;
	const low = next(state) >>> 6;
	return (high * 2 ** 26 + low) / 2 ** 53;
}

/** Returns the next 32 bits of the generator. */
function next(s: Uint32Array): number {
	const [a = 0, b = 0, c = 0, d = 0] = s;
	const result = Math.imul(rotated(Math.imul(b, 5), 7), 9);
	const third = c ^ a;
	const fourth = d ^ b;
	s[1] = b ^ third;
	s[0] = a ^ fourth;
	s[2] = third ^ (b << 9);
	s[3] = rotated(fourth, 11);
	return result;
}

function rotated(value: number, bits: number): number {
	return (value << bits) | (value >>> (32 - bits));
}
