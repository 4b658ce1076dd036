import type { DoctorCheck } from "./doctor-check.ts";
import { FEATURES, type Feature, type Way } from "./features.ts";
import type { FindPackage } from "./find-package.ts";
import { isInRange } from "./version-range.ts";

/** Versions that this release works with, by the names of packages. */
type Ranges = ReadonlyMap<string, string>;

/** Result of the search for the packages of one way to serve a feature. */
interface Found {
	readonly way: Way;
	readonly installed: readonly { readonly name: string; readonly version: string }[];
	readonly missing: readonly string[];
	readonly lacksNative: boolean;
}

/**
 * Checks the optional packages of each feature. The packages are not loaded.
 *
 * @param find Finds an installed package.
 * @param ranges Versions that this release works with, by the names of packages.
 */
export function checkEngines(find: FindPackage, ranges: Ranges): Promise<DoctorCheck[]> {
	return Promise.all(FEATURES.map((feature) => checkFeature(feature, find, ranges)));
}

async function checkFeature({ name, ways, isCommon }: Feature, find: FindPackage, ranges: Ranges): Promise<DoctorCheck> {
	const found = await Promise.all(ways.map((way) => search(way, find)));
	const complete = found.find(({ missing, lacksNative }) => missing.length === 0 && !lacksNative);
	if (complete !== undefined) return checkVersions(name, complete, ranges);
	const part = found.find(({ installed }) => installed.length > 0);
	const [best] = ways;
	const fault = { area: "engine", name, status: isCommon || part !== undefined ? "warning" : "ok" } as const;
	if (part?.lacksNative) {
		// npm leaves native code out for a machine without a build, or with `--omit=optional`.
		const other = ways.find((way) => way.native === undefined) ?? part.way;
		const message = `${part.installed[0]?.name} is installed without its native code for this machine, ${part.way.native}`;
		return { ...fault, message, remedy: install(other.packages, ranges) };
	}
	const missing = part?.missing ?? best.packages;
	const alternatives = part === undefined ? ways.slice(1).map(({ packages }) => ` or ${packages.join(" and ")}`) : [];
	const message = `${missing.join(" and ")}${alternatives.join("")} not installed`;
	return { ...fault, message, remedy: install(missing, ranges) };
}

function checkVersions(name: string, { installed }: Found, ranges: Ranges): DoctorCheck {
	const versions = installed.map((each) => `${each.name} ${each.version}`).join(", ");
	const wrong = installed.filter((each) => !isInRange(each.version, ranges.get(each.name) ?? "")).map((each) => each.name);
	if (wrong.length === 0) return { area: "engine", name, status: "ok", message: versions };
	const wanted = wrong.map((each) => `${each} ${ranges.get(each)}`).join(", ");
	return {
		area: "engine",
		name,
		status: "warning",
		message: `${versions}, but this release works with ${wanted}`,
		remedy: install(wrong, ranges),
	};
}

async function search(way: Way, find: FindPackage): Promise<Found> {
	const versions = await Promise.all(way.packages.map(async (name) => ({ name, version: await find(name) })));
	const installed = versions.flatMap(({ name, version }) => (version === undefined ? [] : [{ name, version }]));
	return {
		way,
		installed,
		missing: versions.flatMap(({ name, version }) => (version === undefined ? [name] : [])),
		lacksNative: installed.length > 0 && way.native !== undefined && (await find(way.native)) === undefined,
	};
}

/** Returns the command that installs packages. */
function install(packages: readonly string[], ranges: Ranges): string {
	const specifiers = packages.map((name) => {
		const range = ranges.get(name) ?? "";
		// Shells read `>` as a redirection, and some read `^` as an escape. The version that `^` begins with is in the range.
		return range === "" || range.startsWith(">") ? name : `${name}@${range.replace(/^\^/, "")}`;
	});
	return `npm install ${specifiers.join(" ")}`;
}
