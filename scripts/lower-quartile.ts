/** Returns the value that a quarter of the numbers are below. Other processes on the machine only add to a time, so the median says more of them. */
export function lowerQuartile(numbers: readonly number[]): number {
	return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 4)] ?? Number.NaN;
}
