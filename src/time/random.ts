/** Numbers drawn evenly from 0 up to, but not, 1: chance as the host needs it, so that tests and simulations can repeat it. */
export type Random = () => number;

/**
 * The same numbers for the same seed, on any machine. For tests and simulations; not for secrets.
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
	for (let i = 0; i < 15; i++) next();
	return next;
}
