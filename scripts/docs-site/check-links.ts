import { posix } from "node:path";
import type { Site } from "./build-site.ts";

/** A tag with attributes in double quotes. */
const TAG = /<[a-z][a-z0-9]*((?:\s[^<>"]*(?:"[^"]*")?)*)>/g;
const ATTRIBUTE = /\s(id|href|src)="([^"]*)"/g;

/**
 * Returns the links of a site that lead to no file or to no anchor of it, each with its page. Links to other sites must be `https`, except those
 * to the reader's own machine.
 */
export function brokenLinks(site: Site): string[] {
	const pages = new Map([...site].filter(([path]) => path.endsWith(".html")).map(([path, text]) => [path, attributesOf(text.toString())]));
	const broken: string[] = [];
	for (const [path, { links, repeated }] of pages) {
		broken.push(...repeated.map((id) => `${path}: the anchor ${id} occurs twice`));
		for (const link of links) {
			if (/^(?:https:|data:|http:\/\/127\.0\.0\.1[:/])/.test(link)) continue;
			if (/^[a-z]+:/.test(link)) broken.push(`${path}: ${link}`);
			else {
				const [file = "", anchor] = link.split("#");
				const target = file === "" ? path : posix.join(posix.dirname(path), file);
				const isThere = site.has(target) && (anchor === undefined || (pages.get(target)?.anchors.has(decodeURIComponent(anchor)) ?? false));
				if (!isThere) broken.push(`${path}: ${link}`);
			}
		}
	}
	return broken;
}

interface PageAttributes {
	readonly anchors: ReadonlySet<string>;
	/** Anchors that occur more than once. */
	readonly repeated: readonly string[];
	readonly links: readonly string[];
}

function attributesOf(page: string): PageAttributes {
	const anchors = new Set<string>();
	const repeated: string[] = [];
	const links: string[] = [];
	for (const [, attributes = ""] of withoutScripts(page).matchAll(TAG)) {
		for (const [, name, value = ""] of attributes.matchAll(ATTRIBUTE)) {
			const text = value.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
			if (name !== "id") links.push(text);
			else if (anchors.has(text)) repeated.push(text);
			else anchors.add(text);
		}
	}
	return { anchors, repeated, links };
}

/** Returns a page without the contents of its scripts and styles. */
function withoutScripts(page: string): string {
	let kept = "";
	let from = 0;
	for (;;) {
		const start = page.slice(from).search(/<(?:script|style)\b[^>]*>/);
		if (start === -1) return kept + page.slice(from);
		const open = page.indexOf(">", from + start) + 1;
		kept += page.slice(from, open);
		const name = page.startsWith("<script", from + start) ? "</script>" : "</style>";
		from = Math.max(page.indexOf(name, open), open);
	}
}
