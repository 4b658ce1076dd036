/** Returns uniform random numbers from 0 (included) to 1 (excluded). Tests and simulations replace it to repeat runs. */
export type Random = () => number;

/**
 * Returns a generator that produces the same numbers for the same seed on every machine. For tests and simulations. Not for secrets.
 *
 * @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md — "sfc32", by Chris Doty-Humphrey, public domain
 */
export function seededRandom(seed: number): Random {
	let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];
	const next = (): number => {
		const sum = (((a + b) | 0) + counter) | 0;
		counter = (counter + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = ((c << 21) | (c >>> 11)) + sum;
		return (sum >>> 0) / 2 ** 32;
	};
	// Mixes the seed into the whole state. 12 to 20 rounds are usual for this generator.
	for (let i = 0; i < 15; i++) next();
	return next;
}
