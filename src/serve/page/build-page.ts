import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** A file of the page, ready to be served. */
export interface PageFile {
	/** Name with a hash of the content, such as `page-1b2c3d4e5f60.js`. */
	readonly name: string;
	/** The content, compressed by gzip. */
	readonly gzip: Uint8Array;
}

/** The script and the style of the page. */
export interface PageFiles {
	readonly script: PageFile;
	readonly style: PageFile;
}

/** Digits of the hash in a name: 48 bits tell the versions of one file apart. */
const HASH_DIGITS = 12;

/**
 * Builds the page from its sources. Needs the packages `esbuild` and `preact`, which only the repository has: an installed package contains the result.
 */
export async function buildPage(): Promise<PageFiles> {
	const { build } = await import("esbuild");
	const folder = new URL("./app/", import.meta.url);
	const { outputFiles } = await build({
		entryPoints: { page: fileURLToPath(new URL("main.tsx", folder)), style: fileURLToPath(new URL("page.css", folder)) },
		bundle: true,
		write: false,
		outdir: "page",
		format: "esm",
		platform: "browser",
		target: "es2023",
		charset: "utf8",
		minify: true,
		legalComments: "none",
		jsx: "automatic",
		jsxImportSource: "preact",
		logLevel: "silent",
	});
	const contentOf = (ending: string): Uint8Array => {
		const found = outputFiles.find(({ path }) => path.endsWith(ending));
		if (found === undefined) throw new Error(`the build of the page has no file ${ending}`);
		return found.contents;
	};
	return { script: fileOf("js", contentOf(".js")), style: fileOf("css", contentOf(".css")) };
}

function fileOf(ending: string, content: Uint8Array): PageFile {
	const hash = createHash("sha256").update(content).digest("hex").slice(0, HASH_DIGITS);
	return { name: `page-${hash}.${ending}`, gzip: gzipSync(content, { level: 9 }) };
}
