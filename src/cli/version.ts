import { readFileSync } from "node:fs";

/** Returns the version of the package. `package.json` is two folders above the sources, and three above `dist/`. */
export function version(): string {
	for (const up of ["../../package.json", "../../../package.json"]) {
		try {
			const { name, version: found } = JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8"));
			if (name === "spear-hostcall" && typeof found === "string") return found;
		} catch {}
	}
	return "unknown";
}
