/** The package in WIT's binary form, for tools that take no text, and the proof that guests can be built against the text. */
import { execFile } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Memo } from "../../cache/memo.ts";
import { InputFault } from "../../diagnostics/input-fault.ts";
import type { Model, World } from "../../model/model.ts";
import { maximalWorlds } from "./maximal-worlds.ts";

const script = fileURLToPath(new URL("./encode-worlds.ts", import.meta.url));

/** A WIT file by its path relative to the WIT directory. */
export interface WitCopy {
	readonly path: string;
	readonly content: string;
}

/** Input of the encoder's process. */
export interface EncoderInput {
	readonly files: readonly WitCopy[];
	/** Names. At least one. */
	readonly worlds: readonly string[];
}

/**
 * The encoded file, or none for a package without worlds. The official encoder reads the files as they are written for guests, and encodes
 * each world that is no part of another one. What none of them reaches is not in the file. The encoder runs in a process of its own: a panic
 * in it would spoil every later call in this one.
 *
 * @throws InputFault `refused-by-official-encoder`
 */
export async function encodedPackage(model: Model, copies: readonly WitCopy[], memo: Memo): Promise<Uint8Array[]> {
	const worlds = maximalWorlds(model.main.worlds);
	if (worlds.length === 0) return [];
	const inputs = [...worlds.map((world) => world.name), ...copies.flatMap((copy) => [copy.path, copy.content])];
	return [await memo.bytes(["encoded", String(worlds.length), ...inputs], () => encode(worlds, copies))];
}

/** Starts the process before the first wait: other emitters keep this thread busy. */
async function encode(worlds: readonly World[], files: readonly WitCopy[]): Promise<Uint8Array> {
	const input: EncoderInput = { files, worlds: worlds.map((world) => world.name) };
	const running = promisify(execFile)(process.execPath, [script], {
		encoding: "buffer",
		maxBuffer: 64 * 1024 * 1024,
		env: { ...process.env, ...compileCache() },
	});
	// A process that ends before it has read its input is reported by its exit code.
	running.child.stdin?.on("error", () => {}).end(JSON.stringify(input));
	try {
		return new Uint8Array((await running).stdout);
	} catch (cause) {
		throw refusalOf(cause, worlds) ?? cause;
	}
}

/** The compile cache of this process, if it has one, for another process. The variable names the directory with the caches of all versions. */
function compileCache(): { readonly NODE_COMPILE_CACHE?: string } {
	const directory = getCompileCacheDir();
	return directory === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(directory) };
}

function refusalOf(cause: unknown, worlds: readonly World[]): InputFault | undefined {
	if (!(cause instanceof Error && "code" in cause && cause.code === 3 && "stderr" in cause && cause.stderr instanceof Uint8Array))
		return undefined;
	const lines = new TextDecoder().decode(cause.stderr).trimEnd().split("\n");
	const { world, message }: { readonly world: string; readonly message: string } = JSON.parse(lines.at(-1) ?? "");
	const span = worlds.find((each) => each.name === world)?.span;
	return (
		span &&
		new InputFault(
			"refused-by-official-encoder",
			span,
			`no guest can be built against world \`${world}\`: ${message.replaceAll("\n", " ")}`,
		)
	);
}
