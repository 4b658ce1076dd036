/** Semantic versions as WIT uses them: validity and precedence. @see https://semver.org */

const SEMVER =
	/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

export function isSemver(text: string): boolean {
	return SEMVER.test(text);
}

/** Negative when `a` comes before `b`, 0 when neither does. Build metadata does not count. Both must be valid. */
export function compareSemver(a: string, b: string): number {
	const left = SEMVER.exec(a);
	const right = SEMVER.exec(b);
	for (const part of [1, 2, 3]) {
		const difference = Number(left?.[part] ?? 0) - Number(right?.[part] ?? 0);
		if (difference !== 0) {
			return difference;
		}
	}
	return comparePrerelease(left?.[4], right?.[4]);
}

function comparePrerelease(a: string | undefined, b: string | undefined): number {
	if (a === undefined || b === undefined) {
		// A release comes after its pre-releases.
		return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
	}
	const left = a.split(".");
	const right = b.split(".");
	for (let index = 0; index < Math.min(left.length, right.length); index++) {
		const difference = compareIdentifier(left[index] ?? "", right[index] ?? "");
		if (difference !== 0) {
			return difference;
		}
	}
	return left.length - right.length;
}

function compareIdentifier(a: string, b: string): number {
	const [aNumber, bNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
	if (aNumber && bNumber) {
		return Number(a) - Number(b);
	}
	if (aNumber !== bNumber) {
		return aNumber ? -1 : 1;
	}
	return a < b ? -1 : a > b ? 1 : 0;
}
