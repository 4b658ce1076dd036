import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** Path of the schema in the package. */
const SCHEMA = "src/config/spear.schema.json";

/**
 * Returns the location of the schema for a configuration in a folder. A project that has installed the package gets a relative path, so that
 * the file can be shared. Any other folder gets the URL of the schema of this package.
 */
export function schemaLocation(folder: string): string {
	const from = resolve(folder);
	for (let at = from; ; at = dirname(at)) {
		const path = join(at, "node_modules", "spear-hostcall", SCHEMA);
		if (existsSync(path)) {
			const way = relative(from, path).replaceAll("\\", "/");
			return way.startsWith("../") ? way : `./${way}`;
		}
		if (dirname(at) === at) return ownSchema();
	}
}

/** Returns the URL of the schema of this package, which is three folders above the sources, and four above `dist/`. */
function ownSchema(): string {
	const places = ["../../../", "../../../../"].map((up) => new URL(`${up}${SCHEMA}`, import.meta.url));
	return (places.find((place) => existsSync(place)) ?? places[0] ?? "").toString();
}
