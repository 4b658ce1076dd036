import { SpearError } from "../../errors/spear-error.ts";
import type { ImportedInterface } from "./binary/inspect.ts";
import { splitVersion } from "./import-object.ts";

const WASI = ["wasi:cli", "wasi:clocks", "wasi:filesystem", "wasi:io", "wasi:random"];

/** Returns the packages that this host implements, with their versions: those of its own suspending imports, and WASI 0.2. */
export function hostVersions(asyncImports: readonly string[]): ReadonlyMap<string, string> {
	const versions = new Map(WASI.map((name) => [name, "0.2.999"]));
	for (const name of asyncImports) {
		const { base, version } = splitVersion(name.split("#", 1)[0] ?? "");
		if (version !== undefined) versions.set(packageOf(base), version);
	}
	return versions;
}

/**
 * Refuses a component that was built for an incompatible version. The transpiled code asks for interfaces without their version.
 * Otherwise the guest would receive values of another shape in the middle of a run.
 *
 * @throws SpearError `invalid_request` naming both versions.
 */
export function checkVersions(name: string, imports: readonly ImportedInterface[], host: ReadonlyMap<string, string>): void {
	for (const wanted of imports) {
		const { base, version } = splitVersion(wanted.name);
		const offered = host.get(packageOf(base));
		if (version === undefined || offered === undefined || isCompatible(version, offered)) continue;
		throw new SpearError(
			"invalid_request",
			`${name} imports ${wanted.name}, and this host offers ${packageOf(base)} ${offered.replace(/\.999$/, "")}; build the guest for that version`,
		);
	}
}

/** Compares by semantic versioning: equal major versions (minor where the major is 0), and nothing newer than `offered`. */
export function isCompatible(wanted: string, offered: string): boolean {
	const [major, minor, patch] = numbers(wanted);
	const [hostMajor, hostMinor, hostPatch] = numbers(offered);
	if (major !== hostMajor) return false;
	if (major === 0) return minor === hostMinor && patch <= hostPatch;
	return minor < hostMinor || (minor === hostMinor && patch <= hostPatch);
}

function numbers(version: string): [number, number, number] {
	const [major = 0, minor = 0, patch = 0] = version.split(/[-+]/, 1)[0]?.split(".").map(Number) ?? [];
	return [major, minor, patch];
}

function packageOf(base: string): string {
	return base.split("/", 1)[0] ?? base;
}
