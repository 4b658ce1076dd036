/**
 * Relation of the version that a guest was built for to the version of the host.
 *
 * - `compatible`: the host offers all that the guest's version has.
 * - `newer`: the guest's version is later than the host's, and may have more.
 * - `older`: the guest's version is earlier, and the host's has broken with it.
 */
export type VersionRelation = "compatible" | "newer" | "older";

/**
 * Compares versions by semantic versioning. Compatible are equal major versions (equal minor versions where the major is 0, equal patches where
 * both are 0) with nothing later than the host's. A version with a suffix such as `-draft` is compatible with itself alone.
 *
 * @param wanted Version that the guest was built for.
 * @param offered Version of the host.
 */
export function relationOf(wanted: string, offered: string): VersionRelation {
	const [guest, host] = [parse(wanted), parse(offered)];
	const order = guest.numbers.map((each, index) => each - (host.numbers[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
	if (order > 0) return "newer";
	if (trackOf(guest) === trackOf(host)) return "compatible";
	return order === 0 && guest.suffix === "" ? "newer" : "older";
}

/** Returns the versions that guests of a version run on, for messages: `1.x`, `0.2.x`. */
export function compatibleVersions(version: string): string {
	const track = trackOf(parse(version));
	return /^\d+(?:\.\d+)?$/.test(track) ? `${track}.x` : track;
}

interface Version {
	/** Major, minor and patch. */
	readonly numbers: readonly [number, number, number];
	/** Text after `-`. Empty for a release. */
	readonly suffix: string;
}

function parse(version: string): Version {
	const [release = ""] = version.split("+", 1);
	const dash = release.indexOf("-");
	const [major = 0, minor = 0, patch = 0] = (dash === -1 ? release : release.slice(0, dash)).split(".").map(Number);
	return { numbers: [major, minor, patch], suffix: dash === -1 ? "" : release.slice(dash + 1) };
}

/** Returns a text that is equal for versions that can stand in for one another: `1`, `0.2`, `0.0.3`. */
function trackOf({ numbers: [major, minor, patch], suffix }: Version): string {
	if (suffix !== "") return `${major}.${minor}.${patch}-${suffix}`;
	if (major !== 0) return `${major}`;
	return minor === 0 ? `0.0.${patch}` : `0.${minor}`;
}
