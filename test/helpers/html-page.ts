/** Reads pages that the generator has printed, whose text has no bare `<`. */
import * as assert from "uvu/assert";

export interface Tag {
	readonly name: string;
	readonly isEnd: boolean;
	readonly attributes: ReadonlyMap<string, string>;
}

const VOID = new Set(["br", "hr", "input", "link", "meta"]);

/** All tags of a text, without the contents of scripts and styles. */
export function tagsOf(page: string): Tag[] {
	const tags: Tag[] = [];
	let end = 0;
	for (const { 0: whole, index } of page.matchAll(/<[^>]*>/g)) {
		if (index < end) continue;
		const [, slash = "", name = "", rest = ""] = /^<(\/?)([a-zA-Z0-9]+)((?:[^>"]|"[^"]*")*)>$/.exec(whole) ?? [];
		if (name === "") {
			assert.match(whole, /^<(?:!DOCTYPE html|!--.*--)>$/s);
			continue;
		}
		const attributes = new Map([...rest.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, key = "", value = ""]) => [key, value]));
		tags.push({ name, isEnd: slash !== "", attributes });
		if (slash === "" && (name === "script" || name === "style")) end = page.indexOf(`</${name}>`, index);
	}
	return tags;
}

/** Fails unless every element ends where HTML and its reader expect the end. */
export function assertBalanced(page: string): void {
	const open: string[] = [];
	for (const { name, isEnd } of tagsOf(page)) {
		if (VOID.has(name)) continue;
		if (isEnd) assert.is(open.pop(), name, page.length < 2000 ? page : "");
		else open.push(name);
	}
	assert.equal(open, []);
}

/** Fails unless the anchors of a page differ, and each link within the page leads to one. Returns the number of links. */
export function assertLinked(page: string): number {
	const tags = tagsOf(page);
	const ids = tags.flatMap(({ attributes }) => attributes.get("id") ?? []);
	const known = new Set(ids);
	assert.equal(
		ids.filter((id, index) => ids.indexOf(id) !== index),
		[],
	);
	const inner = tags.flatMap(({ attributes }) => {
		const href = attributes.get("href");
		return href?.startsWith("#") ? [href.slice(1)] : [];
	});
	assert.equal(
		inner.filter((id) => !known.has(id)),
		[],
	);
	for (const { attributes } of tags) {
		const controlled = attributes.get("aria-controls");
		if (controlled !== undefined) assert.ok(known.has(controlled), controlled);
	}
	return inner.length;
}

/** The text of an element with an anchor, from its tag to the end of the page or the next tag of that name that follows with an anchor. */
export function elementText(page: string, id: string): string {
	const start = page.indexOf(`id="${id}"`);
	assert.ok(start >= 0, `the page has no anchor ${id}`);
	const open = page.lastIndexOf("<", start);
	const name = page.slice(open + 1, page.indexOf(" ", open));
	const next = page.indexOf(`<${name} `, start);
	return page.slice(open, next < 0 ? undefined : next);
}
