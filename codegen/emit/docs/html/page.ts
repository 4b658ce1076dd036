/**
 * The reference as one HTML page that needs nothing but itself. Style, scripts and the index of the search are inside. A content security
 * policy forbids the browser to load or run anything else.
 */
import { createHash } from "node:crypto";
import { assetText } from "../../kit/asset.ts";
import type { Outline } from "../outline.ts";
import { Html, html, jsonData } from "./markup.ts";
import { navigation } from "./navigation.ts";
import { overview } from "./overview.ts";
import { Reference } from "./reference.ts";
import { searchIndex } from "./search-index.ts";
import { interfaceSection, worldSection } from "./sections.ts";

/** @param notice a comment for the first lines, and the words of the footer */
export function referencePage(outline: Outline, notice: string): string {
	const reference = new Reference(outline);
	const title = `${outline.main.title} reference`;
	const style = Html.trusted(assetText(new URL("./page.css", import.meta.url)));
	const theme = Html.trusted(assetText(new URL("./theme.js", import.meta.url)));
	const script = oneModule([new URL("./search.js", import.meta.url), new URL("./page.js", import.meta.url)].map(assetText));
	const page = html`<!DOCTYPE html>
<!-- ${notice} -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${digest(style)}'; script-src '${digest(theme)}' '${digest(script)}'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
<script>${theme}</script>
</head>
<body>
<a class="skip" href="#:main">Skip to the content</a>
<header>
<button type="button" class="menu" aria-expanded="false" aria-controls=":navigation">Contents</button>
<a class="title" href="#:overview">${outline.main.title}</a>
<div role="search">
<input id=":search" type="search" role="combobox" aria-label="Search" aria-expanded="false" aria-controls=":results" aria-autocomplete="list" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="Search">
<kbd aria-hidden="true">/</kbd>
<div id=":results" role="listbox" aria-label="Results" hidden></div>
</div>
<button type="button" class="theme" aria-label="Theme"></button>
</header>
${navigation(reference)}<main id=":main" tabindex="-1">
${overview(reference)}${outline.packages.map(({ interfaces, worlds }) => [
	interfaces.map((section) => interfaceSection(reference, section)),
	worlds.map((section) => worldSection(reference, section)),
])}</main>
<footer>
<p>${notice}</p>
<p class="status" role="status"></p>
</footer>
<script type="application/json" id=":index">${jsonData(searchIndex(outline))}</script>
<script type="module">${script}</script>
</body>
</html>
`;
	return page.text;
}

/** Modules as one, each after the modules that it imports. */
function oneModule(modules: readonly string[]): Html {
	const lines = modules.flatMap((text) => text.split("\n"));
	return Html.trusted(
		lines
			.filter((line) => !line.startsWith("import "))
			.map((line) => (line.startsWith("export ") ? line.slice("export ".length) : line))
			.join("\n"),
	);
}

/** The hash by which the policy allows a script or a style, whose element has exactly this text. */
function digest({ text }: Html): string {
	return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
