/**
 * `npm run docs`: the documentation as static HTML, with a search, from the Markdown of the repository.
 *
 *     npm run docs                     write to site/
 *     npm run docs -- --out <folder>   write to another folder
 *
 * Exits 1 for a link that leads nowhere, and 2 for wrong arguments and for a folder with other files.
 */
import "./require-node.ts";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { buildSite, LinkError } from "./docs-site/build-site.ts";
import { brokenLinks } from "./docs-site/check-links.ts";

const ROOT = resolve(import.meta.dirname, "..");

/** File that marks a folder as one of this script, which may replace it. */
const MARK = "search-index.js";

/** Writes the site to a folder, in place of a former one. Returns the exit code. */
async function write(out: string): Promise<number> {
	if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(join(out, MARK))) {
		process.stderr.write(`${out} holds files that this command has not written; name an empty folder\n`);
		return 2;
	}
	const site = await buildSite(ROOT);
	const broken = brokenLinks(site);
	if (broken.length > 0) {
		process.stderr.write(`links that lead nowhere:\n${broken.join("\n")}\n`);
		return 1;
	}
	rmSync(out, { recursive: true, force: true });
	let bytes = 0;
	for (const [path, content] of site) {
		const file = join(out, path);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, content);
		bytes += Buffer.byteLength(content);
	}
	console.log(`${join(out, "index.html")}: ${site.size} files, ${(bytes / 1_000_000).toFixed(1)} MB`);
	return 0;
}

const [option, folder, ...more] = process.argv.slice(2);
if ((option !== undefined && option !== "--out") || (option === "--out" && folder === undefined) || more.length > 0) {
	process.stderr.write("usage: npm run docs -- [--out <folder>]\n");
	process.exitCode = 2;
} else {
	try {
		process.exitCode = await write(folder ?? join(ROOT, "site"));
	} catch (thrown) {
		if (!(thrown instanceof LinkError)) throw thrown;
		process.stderr.write(`${thrown.message}\n`);
		process.exitCode = 1;
	}
}
