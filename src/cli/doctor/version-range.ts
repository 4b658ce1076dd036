/**
 * Returns true if a version is in a range of npm: an exact version, `^1.2.3` or `>=1.2.3`. A range of another form has every version, and a
 * pre-release counts as its release.
 *
 * @see https://github.com/npm/node-semver#caret-ranges-123-025-004
 */
export function isInRange(version: string, range: string): boolean {
	const least = numbersOf(range.replace(/^(?:\^|>=)/, ""));
	const found = numbersOf(version);
	if (least === undefined || found === undefined) return true;
	const order = compare(found, least);
	if (range.startsWith(">=")) return order >= 0;
	if (!range.startsWith("^")) return order === 0;
	// The first number that is not 0 must stay.
	const fixed = least.findIndex((number) => number !== 0);
	return order >= 0 && least.slice(0, fixed + 1).every((number, index) => found[index] === number);
}

function numbersOf(version: string): readonly number[] | undefined {
	const [, major, minor, patch] = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})/.exec(version) ?? [];
	return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

function compare(a: readonly number[], b: readonly number[]): number {
	const index = a.findIndex((number, at) => number !== b[at]);
	return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
