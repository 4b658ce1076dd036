/**
 * A file system in memory for the official encoder. On Node, WASI of the encoder starts a thread and asks it for each call, which takes as
 * long as encoding; WASI for browsers keeps files in memory.
 */
import { registerHooks } from "node:module";
import type { WitCopy } from "./encoded-package.ts";

const WASI = "@bytecodealliance/preview2-shim/";

/** Module that imports WASI: the encoder decides which installed version of it is loaded. */
const ENCODER = import.meta.resolve("@bytecodealliance/jco-transpile/wasm-tools");

interface Directory {
	readonly dir: Record<string, Directory | { readonly source: string }>;
}

/** Makes these files all that the encoder sees, below `/<directory>`. To be called before the encoder is loaded. */
export async function mountFiles(directory: string, files: readonly WitCopy[]): Promise<void> {
	registerHooks({
		resolve(specifier, context, next) {
			if (!specifier.startsWith(WASI)) return next(specifier, context);
			const conditions = context.conditions.filter((condition) => condition !== "node");
			return next(specifier, { ...context, conditions, parentURL: ENCODER });
		},
	});
	const fileSystem: { readonly _setFileData: (root: Directory) => void } = await import(`${WASI}filesystem`);
	fileSystem._setFileData({ dir: { [directory]: treeOf(files) } });
}

function treeOf(files: readonly WitCopy[]): Directory {
	const root = emptyDirectory();
	for (const { path, content } of files) {
		const parents = path.split("/");
		const name = parents.pop() ?? "";
		let directory = root;
		for (const parent of parents) {
			const found = directory.dir[parent];
			const next = found !== undefined && "dir" in found ? found : emptyDirectory();
			directory.dir[parent] = next;
			directory = next;
		}
		directory.dir[name] = { source: content };
	}
	return root;
}

/** Without a prototype: a file may have the name of one of its members. */
function emptyDirectory(): Directory {
	return { dir: Object.create(null) };
}
