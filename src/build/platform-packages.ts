/**
 * The packages behind `src/guest/platform/`. A build from the sources of this repository resolves them here. The package that is published
 * contains them already.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PLATFORM } from "./platform.ts";

/** Folder whose packages the platform's modules import. */
export const PACKAGE_ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Modules that these packages import, and that others replace. A module of the platform begins with `PLATFORM`. */
const REPLACED: Readonly<Record<string, string>> = {
	// Without other encodings than UTF-8, whose tables have 160 kB.
	"@exodus/bytes/encoding.js": `${PLATFORM}utf8`,
	"@exodus/bytes/whatwg.js": `${PLATFORM}utf8`,
	// Without the variant for browsers, which needs the decoder of the browser.
	"@exodus/bytes/utf16.js": join(PACKAGE_ROOT, "node_modules/@exodus/bytes/utf16.js"),
	// Without tables of 220 kB.
	tr46: `${PLATFORM}idna`,
	// The original needs `TextEncoder` while it is evaluated.
	"./encoding": `${PLATFORM}utf8`,
};

/** Packages whose imports are replaced. */
const REPLACING = /[\\/]node_modules[\\/](?:whatwg-url|@exodus[\\/]bytes)[\\/]/;

/** Returns true for a file of these packages. A guest may use other copies of the same packages. */
export function isPlatformPackage(path: string): boolean {
	return path.startsWith(PACKAGE_ROOT) && REPLACING.test(path);
}

/** Returns the module that replaces `path` when a module of these packages imports it. */
export function replacement(path: string, importer: string): string | undefined {
	return isPlatformPackage(importer) && Object.hasOwn(REPLACED, path) ? REPLACED[path] : undefined;
}

/** A module with an asynchronous generator, which has no form in QuickJS guests. No method of URLs needs the value. */
export const PATCHED_MODULE = /[\\/]whatwg-url[\\/]lib[\\/]utils\.js$/;
const ASYNC_ITERATOR = "Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype)";

/** Returns the source of `PATCHED_MODULE` in the form for guests. */
export function patchedSource(source: string): string {
	return source.replace(ASYNC_ITERATOR, "Object.prototype");
}
