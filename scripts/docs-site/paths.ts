import { posix } from "node:path";

/** Files that the site has as they are. */
const COPIED = /\.(?:svg|png|json|html)$/;

/**
 * Returns the path in the site for a file of the repository. Markdown is a page, an image or data is the file itself, and any other file is a page
 * with its text.
 */
export function sitePath(file: string): string {
	if (file === "README.md") return "index.html";
	if (file.endsWith("/README.md")) return `${posix.dirname(file)}/index.html`;
	if (file.endsWith(".md")) return `${file.slice(0, -".md".length)}.html`;
	return COPIED.test(file) ? file : `${file}.html`;
}

export function isCopied(file: string): boolean {
	return COPIED.test(file);
}

/** Returns the URL of one path of the site, relative to another. */
export function relativeUrl(from: string, to: string): string {
	return posix.relative(posix.dirname(from), to) || posix.basename(to);
}
