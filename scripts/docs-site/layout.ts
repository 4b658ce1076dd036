import { escaped } from "./escape.ts";
import { ABI_ON_ONE_PAGE, type Page, SECTIONS } from "./pages.ts";
import { relativeUrl, sitePath } from "./paths.ts";
import type { Heading } from "./render.ts";

/** Content security policy: nothing from elsewhere, and no script or style in a page itself. */
const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

export interface PageLayout {
	/** Path in the site. */
	readonly path: string;
	readonly title: string;
	/** HTML of `main`. */
	readonly content: string;
	readonly headings: readonly Heading[];
	/** Version of the package. */
	readonly version: string;
}

/** Returns a whole page of the site. */
export function layout({ path, title, content, headings, version }: PageLayout): string {
	const root = "../".repeat(path.split("/").length - 1);
	const to = (target: string): string => escaped(relativeUrl(path, target));
	return `<!DOCTYPE html>
<html lang="en" data-root="${root}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} – Spear Hostcall</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${to("style.css")}">
<script src="${to("theme.js")}"></script>
<script src="${to("page.js")}" defer></script>
</head>
<body>
<a class="skip" href="#site-main">Skip to the content</a>
<header>
<button type="button" class="menu" aria-expanded="false" aria-controls="site-contents">Contents</button>
<a class="title" href="${to("index.html")}">Spear Hostcall</a>
<div role="search">
<input id="site-search" type="search" role="combobox" aria-label="Search" aria-expanded="false" aria-controls="site-results" aria-autocomplete="list" autocomplete="off" spellcheck="false" placeholder="Search">
<div id="site-results" role="listbox" aria-label="Results" hidden></div>
</div>
<button type="button" class="theme" aria-label="Theme"></button>
</header>
<nav id="site-contents" aria-label="Contents">
${SECTIONS.map(({ title: section, pages }) => `<p>${escaped(section)}</p>\n<ul>\n${pages.map((page) => items(path, page)).join("\n")}\n</ul>`).join("\n")}
</nav>
<main id="site-main" tabindex="-1">
${onThisPage(headings)}${content}</main>
<footer><p>spear-hostcall ${escaped(version)}</p></footer>
</body>
</html>
`;
}

/** Returns the entry of a page in the contents. The pages of the ABI follow the one that has all of it. */
function items(path: string, { file, name }: Page): string {
	const own = item(path, sitePath(file), name);
	return file === "generated/docs/README.md" ? `${own}\n${item(path, ABI_ON_ONE_PAGE, "ABI on one page")}` : own;
}

function item(path: string, target: string, name: string): string {
	const current = path === target ? ' aria-current="page"' : "";
	return `<li><a href="${escaped(relativeUrl(path, target))}"${current}>${escaped(name)}</a></li>`;
}

/** Returns the list of a page's sections. Empty for a page with few of them. */
function onThisPage(headings: readonly Heading[]): string {
	const shown = headings.filter(({ level }) => level === 2);
	if (shown.length < 3) return "";
	const items = shown.map(({ anchor, title }) => `<li><a href="#${escaped(anchor)}">${escaped(title)}</a></li>`);
	return `<details class="sections"><summary>On this page</summary>\n<ul>\n${items.join("\n")}\n</ul>\n</details>\n`;
}
