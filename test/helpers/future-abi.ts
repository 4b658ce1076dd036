/** The project's ABI as a later version could be: an edited copy of `wit/`, its lowering, and guests that are built against it. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOST_INTERFACES } from "../../generated/abi/component/lowering/index.ts";
import { abiIn } from "./codegen.ts";
import { type GeneratedLowering, generateLowering } from "./generated-lowering.ts";
import { assemble, ROOT, scratch } from "./guest.ts";

const [major = 0, minor = 0, patch = 0] = (HOST_INTERFACES[0]?.version ?? "").split(".").map(Number);

/** Version of the ABI, the two patches after that, and the next version that may break guests. */
export const NOW = `${major}.${minor}.${patch}`;
export const LATER = `${major}.${minor}.${patch + 1}`;
export const LATEST = `${major}.${minor}.${patch + 2}`;
export const NEXT = major === 0 ? `0.${minor + 1}.0` : `${major + 1}.0.0`;

/** An edit of one file of `wit/`: the file, a text in it, and the text instead. An empty file name stands for all files. */
export type WitEdit = readonly [file: string, from: string | RegExp, to: string];

export interface FutureAbi extends GeneratedLowering {
	/** Directory of the edited WIT. */
	readonly wit: string;
}

/** Raises the version of the package in a copy of `wit/`, edits the copy, and generates the lowering. An edit that changes nothing is an error. */
export async function futureAbi(version: string, edits: readonly WitEdit[]): Promise<FutureAbi> {
	const wit = mkdtempSync(join(scratch(), "wit-"));
	cpSync(join(ROOT, "wit"), wit, { recursive: true, filter: (path) => !/\/wit\/(?:wasi|spear-core)(\/|$)|\.json$/.test(path) });
	edit(wit, ["", `package spear:ai@${NOW};`, `package spear:ai@${version};`]);
	for (const each of edits) edit(wit, each);
	return { wit, ...(await generateLowering(await abiIn(wit))) };
}

function edit(wit: string, [file, from, to]: WitEdit): void {
	let changed = 0;
	for (const name of file === "" ? readdirSync(wit) : [file]) {
		const path = join(wit, name);
		const text = readFileSync(path, "utf8");
		const next = text.replaceAll(typeof from === "string" ? from : new RegExp(from, "g"), to);
		if (next === text) continue;
		changed += 1;
		if (next === "") rmSync(path);
		else writeFileSync(path, next);
	}
	if (changed === 0) throw new Error(`no file of the ABI has ${from}; the edit of this test is out of date`);
}

/** Builds a guest for the world `agent` of a WIT directory from core text, with a `run` that makes the calls and returns the input. */
export async function guestFor(
	wit: string,
	{ imports, calls = "" }: { readonly imports: string; readonly calls?: string },
): Promise<Uint8Array> {
	const { componentEmbed, componentNew } = await import("@bytecodealliance/jco");
	const binary = await assemble(`(module
		${imports}
		(memory (export "memory") 1)
		(global $free (mut i32) (i32.const 1024))
		(func (export "cabi_realloc") (param i32 i32 i32) (param $size i32) (result i32)
			(local $at i32)
			(local.set $at (global.get $free))
			(global.set $free (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 7)) (i32.const -8)))
			(local.get $at))
		(func (export "run") (param $input i32) (param $length i32) (result i32)
			${calls}
			(i32.store8 (i32.const 16) (i32.const 0))
			(i32.store (i32.const 20) (local.get $input))
			(i32.store (i32.const 24) (local.get $length))
			(i32.const 16)))`);
	return componentNew(await componentEmbed({ binary, witPath: wit, world: "agent", stringEncoding: "utf8" }), []);
}
