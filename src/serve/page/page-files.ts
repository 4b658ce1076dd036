import { readdir, readFile } from "node:fs/promises";
import type { PageFile, PageFiles } from "./build-page.ts";

/** Folder of the built files in an installed package. */
const BUILT = new URL("./built/", import.meta.url);

let loading: Promise<PageFiles> | undefined;

/** Returns the files of the page: those of the package, or in the repository what its sources are built to. Reads or builds them once. */
export function pageFiles(): Promise<PageFiles> {
	loading ??= loadFiles();
	return loading;
}

async function loadFiles(): Promise<PageFiles> {
	const names = await readdir(BUILT).catch(() => undefined);
	if (names === undefined) {
		const { buildPage } = await import("./build-page.ts");
		return buildPage();
	}
	const [script, style] = await Promise.all([loadFile(names, ".js.gz"), loadFile(names, ".css.gz")]);
	return { script, style };
}

async function loadFile(names: readonly string[], ending: string): Promise<PageFile> {
	const name = names.find((each) => each.endsWith(ending));
	if (name === undefined) throw new Error(`the package has no file ${ending} of the operator's page; install it again`);
	return { name: name.slice(0, -".gz".length), gzip: await readFile(new URL(name, BUILT)) };
}
