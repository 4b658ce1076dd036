/** Files that somebody else put where codegen keeps its own: a journal, a manifest, links, pipes. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CodegenFailure } from "../../../codegen/failure.ts";
import { Disk } from "../../../codegen/write/disk.ts";
import { sha256 } from "../../../codegen/write/hash.ts";
import { isRelativePath, loadManifest } from "../../../codegen/write/manifest.ts";
import { isInterrupted, recover } from "../../../codegen/write/write-tree.ts";
import { inScratch, put, treeOf } from "./scratch.ts";

const ENTRY = { do: "put", target: "a.ts", staged: "0", before: null, keep: false };

async function refused(dir: string, entries: unknown, words: RegExp, beside: readonly string[] = []): Promise<void> {
	put(dir, ".generated.codegen/journal.json", JSON.stringify({ formatVersion: 1, entries }));
	const before = treeOf(dir);
	try {
		await recover(path.join(dir, "generated"), new Disk(), {}, beside);
		assert.unreachable();
	} catch (cause) {
		assert.instance(cause, CodegenFailure);
		assert.match(cause instanceof Error ? cause.message : "", words);
	}
	assert.equal(treeOf(dir), before);
}

test("a journal changes the tree, and what the run itself writes beside it, and nothing else", async () => {
	await inScratch(async (dir) => {
		put(dir, "notes.md", "mine");
		put(dir, ".generated.codegen/staged/0", "forged");
		for (const target of ["../notes.md", "../../etc/x", "/etc/x", "a/../../notes.md", "c:/x", "..\\notes.md", "a\0b", "con.ts", ""])
			await refused(dir, [{ ...ENTRY, target }], /is not a file of this output/, ["../wit/abi.lock.json"]);
		await refused(dir, [{ do: "delete", target: "../notes.md", before: sha256("mine"), keep: false }], /is not a file of this output/);
		for (const entries of [[{ ...ENTRY, staged: "../../notes.md" }], [{ ...ENTRY, target: 3 }], [{ target: "a" }], [null], {}])
			await refused(dir, entries, /is damaged/);
		put(
			dir,
			".generated.codegen/journal.json",
			JSON.stringify({ formatVersion: 1, entries: [{ ...ENTRY, target: "../wit/abi.lock.json" }] }),
		);
		assert.is(await recover(path.join(dir, "generated"), new Disk(), {}, ["../wit/abi.lock.json"]), 1);
		assert.equal(treeOf(dir), { "notes.md": "mine", "wit/abi.lock.json": "forged" });
	});
});

test("a link that was put in the place of a directory since the run was interrupted is not followed", async () => {
	await inScratch(async (dir) => {
		put(dir, "elsewhere/notes.md", "mine");
		put(dir, ".generated.codegen/staged/0", "a");
		fs.mkdirSync(path.join(dir, "generated"));
		fs.symlinkSync("../elsewhere", path.join(dir, "generated/sub"));
		await refused(dir, [{ ...ENTRY, target: "sub/deep/a.ts" }], /sub is a symbolic link/);
		await refused(dir, [{ do: "delete", target: "sub/notes.md", before: sha256("mine"), keep: false }], /sub is a symbolic link/);
		fs.rmSync(path.join(dir, "generated"), { recursive: true });
		fs.symlinkSync("elsewhere", path.join(dir, "generated"));
		await refused(dir, [ENTRY], /generated is a symbolic link/);
		fs.renameSync(path.join(dir, ".generated.codegen"), path.join(dir, "staging"));
		fs.symlinkSync("staging", path.join(dir, ".generated.codegen"));
		await refused(dir, [ENTRY], /is not a directory of codegen's own/);
	});
});

test("a pipe in the place of a manifest or a journal is not waited for", async () => {
	await inScratch(async (dir) => {
		fs.mkdirSync(path.join(dir, "generated"));
		fs.mkdirSync(path.join(dir, ".generated.codegen"));
		for (const name of ["generated/manifest.json", ".generated.codegen/journal.json"]) execFileSync("mkfifo", [path.join(dir, name)]);
		assert.equal(loadManifest(path.join(dir, "generated")), { ok: false, message: "is not a file" });
		assert.throws(() => isInterrupted(path.join(dir, "generated")), /cannot read/);
	});
});

test("a path of a tree is a path on every platform", () => {
	for (const file of ["a.ts", "a/b-c/d.e.ts", ".hidden", "console.ts", "com.ts", "ü.ts"]) assert.ok(isRelativePath(file), file);
	for (const file of [
		"",
		"a//b",
		"a/",
		"/a",
		"./a",
		"a/..",
		"a\\b",
		"c:a",
		"a\0b",
		"a\nb",
		"a?",
		"a.",
		"a ",
		"con",
		"AUX.ts",
		"x/lpt1.d.ts",
	])
		assert.not(isRelativePath(file), file);
	assert.not(isRelativePath("\ud800"));
	assert.not(isRelativePath("a".repeat(300)));
});

test("a directory that cannot be made is said to be so at once", () => {
	// The kernel makes no directory here, and says that there is none.
	if (fs.existsSync("/proc/self")) assert.throws(() => new Disk().makeDirectory("/proc/nothing/here"), /ENOENT/);
});

test.run();
