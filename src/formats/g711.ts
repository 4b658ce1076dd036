/**
 * Sound in eight bits a sample, as telephones code it. Linear samples are 16-bit integers.
 *
 * @see https://www.itu.int/rec/T-REC-G.711
 */

/** Distance of the first segment of µ-law from zero, in the scale of 16 bits. */
const BIAS = 0x84;

/** Largest sample that µ-law codes. */
const MU_LAW_CLIP = 0x7fff - BIAS;

/** Linear sample of each µ-law code. */
export const MU_LAW = Int16Array.from({ length: 256 }, (_, code) => muLawSample(code));

/** Linear sample of each A-law code. */
export const A_LAW = Int16Array.from({ length: 256 }, (_, code) => aLawSample(code));

function muLawSample(code: number): number {
	const inverted = ~code;
	const size = ((((inverted & 0x0f) << 3) + BIAS) << ((inverted & 0x70) >> 4)) - BIAS;
	return (inverted & 0x80) === 0 ? size : 0 - size;
}

function aLawSample(code: number): number {
	const even = code ^ 0x55;
	const segment = (even & 0x70) >> 4;
	const step = ((even & 0x0f) << 4) + 8;
	const size = segment === 0 ? step : (step + 0x100) << (segment - 1);
	return (even & 0x80) === 0 ? -size : size;
}

/** Returns the distance from zero. Negative samples are counted from -1, so that both signs have as many. */
function magnitude(sample: number): number {
	return sample < 0 ? ~sample : sample;
}

/** Returns the µ-law code of a linear sample. */
export function muLawCode(sample: number): number {
	const size = Math.min(magnitude(sample), MU_LAW_CLIP) + BIAS;
	const segment = 24 - Math.clz32(size);
	const code = (segment << 4) | ((size >> (segment + 3)) & 0x0f);
	return ~(code | (sample < 0 ? 0x80 : 0)) & 0xff;
}

/** Returns the A-law code of a linear sample. */
export function aLawCode(sample: number): number {
	const size = magnitude(sample) >> 3;
	const segment = Math.max(0, 27 - Math.clz32(size));
	const code = (segment << 4) | ((size >> Math.max(1, segment)) & 0x0f);
	return (code | (sample < 0 ? 0 : 0x80)) ^ 0x55;
}
