import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, type BuildResult, buildGuest } from "../../src/build/build-guest.ts";
import { cachedGuest } from "./guest-cache.ts";

let directory: string | undefined;
let built = 0;

/** Returns the directory of this test process, which is removed when the process exits. */
export function scratch(): string {
	if (directory === undefined) {
		const made = mkdtempSync(join(tmpdir(), "spear-test-"));
		process.on("exit", () => rmSync(made, { recursive: true, force: true }));
		directory = made;
	}
	return directory;
}

/** Writes the source of a guest to a directory of its own. Returns the path. */
export async function writeSource(source: string, name = "guest.ts"): Promise<string> {
	built += 1;
	const folder = join(scratch(), `guest-${built}`);
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, name), source);
	return join(folder, name);
}

/** Builds a guest of TypeScript source. The defaults are the world `chat-agent` and QuickJS. The build is shared and must not be changed. */
export function buildTestGuest(source: string, options: Pick<BuildOptions, "engine" | "world"> = {}): Promise<BuildResult> {
	return cachedGuest({ "guest.ts": source }, { engine: options.engine ?? "quickjs", world: options.world ?? "chat-agent" });
}

/** Builds a guest in a directory of its own. The default world is `chat-agent`. */
export async function buildFreshGuest(source: string, options: Partial<BuildOptions> = {}): Promise<BuildResult> {
	const entry = await writeSource(source);
	return buildGuest({
		entry,
		out: entry.replace(/\.ts$/, ".wasm"),
		world: "chat-agent",
		...options,
	});
}

/** Returns the bytes of WebAssembly text, of a core module or a component. */
export async function assemble(text: string): Promise<Uint8Array> {
	const { parse } = await import("@bytecodealliance/jco");
	return parse(text);
}

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
