/** Names and versions of the package and of its dependencies. */
import { compareSemver } from "../wit/semver.ts";
import type { Findings } from "./finding.ts";
import { isDependency, type Pairing } from "./pairing.ts";

export function comparePackages(findings: Findings, pairing: Pairing): void {
	const { before, after } = pairing;
	const places = { item: "package", before: before.id, after: after.id, span: firstSpan(pairing) };
	const [old, now] = [nameAndVersion(before.id), nameAndVersion(after.id)];
	if (old.name !== now.name) findings.add("package-renamed", places);
	else if (track(before.id) !== track(after.id)) findings.add("package-version-incompatible", places);
	else if (compareSemver(old.version, now.version) > 0) findings.add("package-version-lowered", places);

	const told = new Set<string>();
	for (const [was, is] of pairing.scopes.kept) {
		const [from, to] = [packageOf(was.key), packageOf(is.key)];
		if (!isDependency(was) || track(from) === track(to) || told.has(from)) continue;
		told.add(from);
		findings.add("dependency-version-incompatible", { item: was.key, before: from, after: to, span: is.span, spanBefore: was.span });
	}
}

/** Versions with the same track can stand in for one another: `1.2.3` → `1`, `0.1.4` → `0.1`, `0.0.3` → `0.0.3`. */
export function track(id: string): string {
	const { name, version } = nameAndVersion(id);
	const [major = "", minor = ""] = version.split(/[-.]/);
	if (version.includes("-")) return id;
	return `${name}@${major !== "0" ? major : minor !== "0" ? `0.${minor}` : version}`;
}

/** `spear:ai@0.1.0` → `spear:ai`, `0.1.0`. The version is empty if there is none. */
export function nameAndVersion(id: string): { readonly name: string; readonly version: string } {
	const [name = id, version = ""] = id.split("@");
	return { name, version };
}

/** `wasi:io/poll@0.2.0` → `wasi:io@0.2.0` */
function packageOf(key: string): string {
	return key.replace(/\/[^@]*/, "");
}

/** Declarations of packages have no place in the model. */
function firstSpan({ after }: Pairing) {
	return [...after.scopes.values()].find(({ span }) => span !== undefined)?.span;
}
