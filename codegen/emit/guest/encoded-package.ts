/** The package in WIT's binary form, for tools that take no text. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { filesBelow } from "../../cache/generator.ts";
import type { Memo } from "../../cache/memo.ts";
import type { Model, World } from "../../model/model.ts";

const script = fileURLToPath(new URL("./encode-world.ts", import.meta.url));

/**
 * The encoded file, or none for a package without worlds. Encoded in a process of its own: a panic in the encoder would spoil every later
 * call in this one.
 */
export async function encodedPackage(model: Model, witDir: string, memo: Memo): Promise<Uint8Array[]> {
	const world = widestWorld(model.main.worlds);
	if (world === undefined) return [];
	return [await memo.bytes(["encoded", world.name, ...filesBelow(witDir)], () => encode(witDir, world.name))];
}

async function encode(witDir: string, world: string): Promise<Uint8Array> {
	const { stdout } = await promisify(execFile)(process.execPath, [script, witDir, world], {
		encoding: "buffer",
		maxBuffer: 64 * 1024 * 1024,
	});
	return new Uint8Array(stdout);
}

/** The world that reaches the most interfaces: what none reaches is not in the encoded package. The first of several. */
function widestWorld(worlds: readonly World[]): World | undefined {
	const width = (world: World): number => world.imports.length + world.exports.length;
	return worlds.reduce<World | undefined>(
		(widest, world) => (widest === undefined || width(world) > width(widest) ? world : widest),
		undefined,
	);
}
