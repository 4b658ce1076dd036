import { existsSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { build } from "esbuild";
import { escaped } from "./escape.ts";
import { layout } from "./layout.ts";
import { ABI_ON_ONE_PAGE, PAGES } from "./pages.ts";
import { isCopied, relativeUrl, sitePath } from "./paths.ts";
import { type RenderedPage, renderMarkdown } from "./render.ts";
import { searchIndex } from "./search-index.ts";

/** A link in a document that leads to no page. */
export class LinkError extends Error {
	override readonly name = "LinkError";
}

/** Files of the site, by their path in it. */
export type Site = ReadonlyMap<string, string | Buffer>;

/**
 * Returns the documentation as static HTML: every page of `PAGES`, and the files that they link to.
 *
 * @param root Root of the repository.
 * @throws LinkError for a link to a file that does not exist, or to Markdown that is no page.
 */
export async function buildSite(root: string): Promise<Site> {
	const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	const files = new Map<string, string | Buffer>();
	const linked = new Set([ABI_ON_ONE_PAGE]);
	const searched: { url: string; name: string; page: RenderedPage }[] = [];
	for (const { file, name } of PAGES) {
		const path = sitePath(file);
		const page = renderMarkdown(readFileSync(join(root, file), "utf8"), (target) => {
			if (/^[a-z]+:/.test(target) || target.startsWith("#")) return target;
			const [before = "", anchor] = target.split("#");
			const found = fileOf(root, file, before);
			if (!found.endsWith(".md")) linked.add(found);
			return relativeUrl(path, sitePath(found)) + (anchor === undefined ? "" : `#${anchor}`);
		});
		searched.push({ url: path, name, page });
		files.set(path, layout({ path, title: page.title, content: page.html, headings: page.headings, version }));
	}
	for (const file of linked) {
		const path = sitePath(file);
		const content = readFileSync(join(root, file));
		files.set(
			path,
			isCopied(file) ? content : layout({ path, title: file, content: sourceOf(file, content.toString()), headings: [], version }),
		);
	}
	for (const [path, text] of await assets()) files.set(path, text);
	files.set("search-index.js", `globalThis.searchIndex = ${JSON.stringify(searchIndex(searched))};\n`);
	return files;
}

/** Returns the file that a link of a document leads to. A folder stands for its README. */
function fileOf(root: string, document: string, target: string): string {
	const path = posix.join(posix.dirname(document), target).replace(/\/$/, "");
	const full = join(root, path);
	const file = existsSync(full) && statSync(full).isDirectory() ? `${path}/README.md` : path;
	if (!existsSync(join(root, file))) throw new LinkError(`${document}: the link ${target} leads to no file`);
	if (file.endsWith(".md") && !PAGES.some((page) => page.file === file))
		throw new LinkError(`${document}: the link ${target} leads to no page of the documentation; add ${file} to scripts/docs-site/pages.ts`);
	return file;
}

function sourceOf(file: string, text: string): string {
	return `<h1>${escaped(file)}</h1>\n<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`;
}

/** Returns the style, and the scripts as browsers run them. */
async function assets(): Promise<[string, string][]> {
	const scripts = await build({
		entryPoints: ["theme", "page"].map((name) => join(import.meta.dirname, `client/${name}.ts`)),
		outdir: "/",
		bundle: true,
		minify: true,
		format: "iife",
		target: "es2022",
		write: false,
	});
	const style = readFileSync(join(import.meta.dirname, "style.css"), "utf8");
	return [["style.css", style], ...scripts.outputFiles.map(({ path, text }): [string, string] => [posix.basename(path), text])];
}
