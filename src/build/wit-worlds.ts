import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SpearError } from "../errors/spear-error.ts";

/** What the build needs to know of a WIT folder; the engines' own tools read the rest. */
export interface WitWorlds {
	/** E.g. `spear:ai`. */
	readonly package: string;
	/** E.g. `0.1.0`. */
	readonly version: string | undefined;
	/** World name → interfaces of this package it imports, those they use included. */
	readonly worlds: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads the package name and the worlds of a folder of `.wit` files. */
export async function readWorlds(directory: string): Promise<WitWorlds> {
	const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith(".wit")).sort();
	if (names.length === 0) throw new SpearError("invalid_request", `${directory} holds no .wit file; give the folder of the hostcalls' WIT`);
	const texts = await Promise.all(names.map((name) => readFile(join(directory, name), "utf8")));
	return parseWorlds(texts.join("\n"));
}

/** Finds package, interfaces and worlds in WIT text. */
export function parseWorlds(text: string): WitWorlds {
	const wit = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
	const named = /\bpackage\s+([a-z0-9:-]+)(?:@([\w.+-]+))?\s*;/.exec(wit);
	const uses = new Map<string, string[]>();
	for (const [name, body] of blocks(wit, "interface")) uses.set(name, matches(body, /\buse\s+%?([a-z0-9-]+)\s*\./g));
	const worlds = new Map<string, ReadonlySet<string>>();
	const bodies = new Map(blocks(wit, "world"));
	for (const name of bodies.keys()) worlds.set(name, reachable(importsOf(name, bodies, new Set()), uses));
	return { package: named?.[1] ?? "", version: named?.[2], worlds };
}

function importsOf(world: string, bodies: ReadonlyMap<string, string>, seen: Set<string>): string[] {
	const body = bodies.get(world);
	if (body === undefined || seen.has(world)) return [];
	seen.add(world);
	return [
		...matches(body, /\bimport\s+%?([a-z0-9-]+)\s*;/g),
		...matches(body, /\buse\s+%?([a-z0-9-]+)\s*\./g),
		...matches(body, /\binclude\s+%?([a-z0-9-]+)\s*[;w{]/g).flatMap((included) => importsOf(included, bodies, seen)),
	];
}

function reachable(start: readonly string[], uses: ReadonlyMap<string, readonly string[]>): Set<string> {
	const found = new Set<string>();
	const open = [...start];
	for (let name = open.pop(); name !== undefined; name = open.pop()) {
		if (found.has(name)) continue;
		found.add(name);
		open.push(...(uses.get(name) ?? []));
	}
	return found;
}

/** Each `keyword name { … }` with its body, braces matched. */
function* blocks(wit: string, keyword: "interface" | "world"): Generator<[string, string]> {
	for (const match of wit.matchAll(new RegExp(`\\b${keyword}\\s+%?([a-z0-9-]+)\\s*\\{`, "g"))) {
		const start = match.index + match[0].length;
		let depth = 1;
		let end = start;
		for (; end < wit.length && depth > 0; end += 1) {
			if (wit[end] === "{") depth += 1;
			if (wit[end] === "}") depth -= 1;
		}
		yield [match[1] ?? "", wit.slice(start, end)];
	}
}

function matches(text: string, pattern: RegExp): string[] {
	return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}
