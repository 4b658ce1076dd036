import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, type BuildResult, buildGuest } from "../../src/build/build-guest.ts";
import { cachedGuest } from "./guest-cache.ts";

let directory: string | undefined;
let built = 0;

/** A directory of this test process, removed when it exits. */
export function scratch(): string {
	if (directory === undefined) {
		const made = mkdtempSync(join(tmpdir(), "spear-test-"));
		process.on("exit", () => rmSync(made, { recursive: true, force: true }));
		directory = made;
	}
	return directory;
}

/** Writes a guest's source to a place of its own and gives its path. */
export async function writeSource(source: string, name = "guest.ts"): Promise<string> {
	built += 1;
	const folder = join(scratch(), `guest-${built}`);
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, name), source);
	return join(folder, name);
}

/** A guest made of TypeScript source, for the narrow chat world and with QuickJS by default. It is shared: nothing may be changed in it. */
export function buildTestGuest(source: string, options: Pick<BuildOptions, "engine" | "world"> = {}): Promise<BuildResult> {
	return cachedGuest({ "guest.ts": source }, { engine: options.engine ?? "quickjs", world: options.world ?? "chat-agent" });
}

/** Builds a guest in a place of its own, for the narrow chat world by default. */
export async function buildFreshGuest(source: string, options: Partial<BuildOptions> = {}): Promise<BuildResult> {
	const entry = await writeSource(source);
	return buildGuest({
		entry,
		out: entry.replace(/\.ts$/, ".wasm"),
		world: "chat-agent",
		...options,
	});
}

/** Turns WebAssembly text into bytes, core module or component. */
export async function assemble(text: string): Promise<Uint8Array> {
	const { parse } = await import("@bytecodealliance/jco");
	return parse(text);
}

/** The repository's root. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
