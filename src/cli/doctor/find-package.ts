import { readFile } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Returns the version of an installed package, or `undefined` for one that is not installed. Does not load the package. */
export type FindPackage = (name: string) => Promise<string | undefined>;

/** Finds packages beside this one, else those of the project in the working directory: this package may be installed globally. */
export const findPackage: FindPackage = async (name) =>
	(await versionNear(dirname(fileURLToPath(import.meta.url)), name)) ?? versionNear(process.cwd(), name);

/** Looks into `node_modules` of a folder and of all folders above, as Node does. */
async function versionNear(folder: string, name: string): Promise<string | undefined> {
	for (let at = folder; ; at = dirname(at)) {
		try {
			const manifest: unknown = JSON.parse(await readFile(join(at, "node_modules", name, "package.json"), "utf8"));
			if (typeof manifest === "object" && manifest !== null && "version" in manifest) return String(manifest.version);
		} catch {}
		if (at === parse(at).root) return undefined;
	}
}
