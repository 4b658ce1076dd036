/** The files that are checked, and how each kind is read. Generated files are left out: their texts come from these. */
import { existsSync, readdirSync } from "node:fs";
import { posix, resolve } from "node:path";
import type { Block } from "./block.ts";
import { jsonSchemaBlocks } from "./json-schema.ts";
import { markdownBlocks } from "./markdown.ts";
import { handlebarsBlocks, typescriptBlocks } from "./typescript.ts";
import { witBlocks } from "./wit.ts";

export type Reader = (source: string) => Block[];

const FOLDERS = ["codegen", "docs", "examples", "scripts", "src", "test/helpers", "wit"];

const READERS: readonly { readonly files: RegExp; readonly read: Reader }[] = [
	{ files: /^(?:src|codegen|scripts|test\/helpers)\/.*\.tsx?$/, read: typescriptBlocks },
	{ files: /^codegen\/.*\.hbs$/, read: handlebarsBlocks },
	{ files: /^codegen\/schemas\/.*\.json$/, read: jsonSchemaBlocks },
	{ files: /^wit\/.*\.wit$/, read: witBlocks },
	{ files: /^(?:[^/]+|(?:src|examples|docs)\/.*)\.md$/, read: markdownBlocks },
];

/** Built guests and their packages. */
const BUILT = /(?:^|\/)(?:build|node_modules)\//;

/** The reader for a path relative to the repository root; `undefined` for a file that is not checked. */
export function readerOf(path: string): Reader | undefined {
	if (path.startsWith("examples/") && BUILT.test(path)) return undefined;
	return READERS.find(({ files }) => files.test(path))?.read;
}

/** Paths of all checked files under `root`, sorted. */
export function listSources(root: string): string[] {
	return ["", ...FOLDERS]
		.flatMap((folder) => listFolder(root, folder))
		.filter((path) => readerOf(path) !== undefined)
		.sort();
}

/** Files of the root itself for an empty name; otherwise of a folder and all below. */
function listFolder(root: string, folder: string): string[] {
	const directory = resolve(root, folder);
	if (!existsSync(directory)) return [];
	const names = readdirSync(directory, { recursive: folder !== "", encoding: "utf8" });
	return names.map((name) => posix.join(folder, name.replaceAll("\\", "/")));
}
