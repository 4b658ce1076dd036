import { readFileSync } from "node:fs";

/** The members of this package's `package.json` that commands print. */
export interface PackageManifest {
	readonly version: string;
	/** Versions of the optional packages, by name. */
	readonly peers: ReadonlyMap<string, string>;
}

/** Returns the manifest of this package. `package.json` is two folders above the sources, and three above `dist/`. */
export function packageManifest(): PackageManifest {
	for (const up of ["../../package.json", "../../../package.json"]) {
		try {
			const { name, version, peerDependencies = {} } = JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8"));
			if (name !== "spear-hostcall" || typeof version !== "string") continue;
			const peers = Object.entries(peerDependencies).flatMap(([peer, range]) =>
				typeof range === "string" ? [[peer, range] as const] : [],
			);
			return { version, peers: new Map(peers) };
		} catch {}
	}
	return { version: "unknown", peers: new Map() };
}
