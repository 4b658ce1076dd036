import { readFile } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import { optionalPackageFolders } from "../../packages/optional-package.ts";

/** Returns the version of an installed package, or `undefined` for one that is not installed. Does not load the package. */
export type FindPackage = (name: string) => Promise<string | undefined>;

/** Finds packages where the host finds optional ones. */
export const findPackage: FindPackage = async (name) => {
	for (const folder of optionalPackageFolders()) {
		const version = await versionNear(folder, name);
		if (version !== undefined) return version;
	}
	return undefined;
};

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
