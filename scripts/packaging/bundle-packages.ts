/** Files of the package that hold the packages they export, so that an installation needs none of them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** Sources that only re-export parts of packages. */
const SOURCES = ["src/serve/hono.ts", "src/telemetry/pino.ts"];

/** File with the licences of the bundled packages. */
const NOTICES = "dist/THIRD-PARTY-NOTICES.txt";

/**
 * Bundles the sources into `dist`, and writes the licences of what they hold.
 *
 * @param others Folders of further packages whose code `dist` contains.
 */
export async function bundlePackages(others: readonly string[]): Promise<void> {
	const { metafile } = await build({
		entryPoints: SOURCES,
		outdir: "dist/src",
		outbase: "src",
		bundle: true,
		platform: "node",
		format: "esm",
		target: "node24",
		legalComments: "none",
		minify: true,
		metafile: true,
		// CommonJS packages ask for modules of Node by `require`.
		banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
	});
	const folders = new Set(Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
	writeFileSync(
		NOTICES,
		[...folders, ...others]
			.sort()
			.map(noticeOf)
			.join(`\n${"-".repeat(80)}\n\n`),
	);
}

/** Returns name, version and licence of a package, for the notices. */
function noticeOf(folder: string): string {
	const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
	const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.\w+)?$/i.test(entry));
	if (file === undefined || !existsSync(join(folder, file))) return `${name} ${version}\nLicence: ${license}\n`;
	return `${name} ${version}\nLicence: ${license}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}
