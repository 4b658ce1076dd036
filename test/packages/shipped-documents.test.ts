import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { currentLlms, LLMS_FILE } from "../../scripts/write-llms.ts";
import { ROOT } from "../helpers/guest.ts";

/** Returns the paths of the files that `npm pack` puts into the package. */
function packedFiles(): Set<string> {
	const npm = process.env.npm_execpath;
	const [program, ...args] = npm?.endsWith(".js") === true ? [process.execPath, npm] : ["npm"];
	const printed = execFileSync(program ?? "npm", [...args, "pack", "--dry-run", "--json", "--ignore-scripts"], {
		cwd: ROOT,
		encoding: "utf8",
		maxBuffer: 64 * 1024 * 1024,
		stdio: ["ignore", "pipe", "ignore"],
	});
	const paths = new Set([...printed.matchAll(/"path": "([^"]+)"/g)].map(([, path = ""]) => path));
	assert.ok(paths.has("README.md"), "npm pack lists the README");
	return paths;
}

const files = packedFiles();
const description = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** Links of a document to files, relative to the root of the package. */
function linkedFiles(document: string): string[] {
	const text = readFileSync(join(ROOT, document), "utf8");
	return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
		.map(([, target = ""]) => target)
		.filter((target) => !/^[a-z]+:/.test(target))
		.map((target) => join(dirname(document), target).replaceAll("\\", "/").replace(/\/$/, ""));
}

test("every link of every document in the package leads to a file of the package, or to a folder of it", () => {
	const folders = new Set([...files].flatMap((path) => path.split("/").map((_, at, parts) => parts.slice(0, at).join("/"))));
	const documents = [...files].filter((path) => path.endsWith(".md") || path === "llms.txt");
	assert.ok(documents.length > 40, `${documents.length} documents`);
	const broken = documents.flatMap((document) =>
		linkedFiles(document)
			.filter((path) => !files.has(path) && !folders.has(path))
			.map((path) => `${document} -> ${path}`),
	);
	assert.equal(broken, []);
});

test("the package has its documents, its licence and llms.txt", () => {
	for (const path of ["README.md", "LICENSE", "llms.txt", "docs/embed.md", "src/config/README.md", "src/config/spear.schema.json"])
		assert.ok(files.has(path), path);
});

test("llms.txt in the repository is that of the pages and the subpaths, and is short", () => {
	const text = readFileSync(LLMS_FILE, "utf8");
	assert.is(text, currentLlms());
	assert.ok(text.length < 10_000, `${text.length} characters`);
});

test("a repository, a home page and a place for bugs are named together, by https, or not at all", () => {
	const { repository, homepage, bugs } = description;
	const named = [repository?.url ?? repository, homepage, bugs?.url ?? bugs];
	const given = named.filter((url) => url !== undefined);
	assert.ok(given.length === 0 || given.length === named.length, JSON.stringify(named));
	for (const url of given) assert.match(url, /^(?:git\+)?https:\/\/(?!.*(?:example\.|<|owner))/);
});

test.run();
