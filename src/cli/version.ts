import { readFileSync } from "node:fs";

/** The package's version. `package.json` is two folders up in the sources and three up in `dist/`. */
export function version(): string {
	for (const up of ["../../package.json", "../../../package.json"]) {
		try {
			const { name, version: found } = JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8"));
			if (name === "spear-hostcall" && typeof found === "string") return found;
		} catch {}
	}
	return "unknown";
}
