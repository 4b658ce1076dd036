import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPage } from "../../src/serve/page/build-page.ts";

/** Folder that the server reads the page from. */
const FOLDER = "dist/src/serve/page/built";

/** Packages whose code the page contains. */
export const PAGE_PACKAGES: readonly string[] = ["node_modules/eventsource-parser", "node_modules/preact"];

/** Builds the operator's page into `dist`: the script and the style, compressed. A client that accepts no gzip gets what the server decompresses. */
export async function bundlePage(): Promise<void> {
	const { script, style } = await buildPage();
	mkdirSync(FOLDER, { recursive: true });
	for (const { name, gzip } of [script, style]) writeFileSync(join(FOLDER, `${name}.gz`), gzip);
}
