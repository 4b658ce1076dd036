import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CodegenFailure } from "../../../codegen/failure.ts";
import { loadManifest, type Manifest } from "../../../codegen/write/manifest.ts";
import { type TreeWrite, type TreeWritten, writeTree } from "../../../codegen/write/write-tree.ts";
import { emitted, filesOf, inScratch, put, stampsOf, treeOf } from "./scratch.ts";

function write(root: string, files: Record<string, string>, more: Partial<TreeWrite> = {}): Promise<TreeWritten> {
	const manifest = (): Manifest => {
		const reading = loadManifest(root);
		return reading.ok ? reading.manifest : new Map();
	};
	return writeTree({ root, files: emitted(files), manifest, ...more });
}

test("a first run creates the tree, a second writes nothing at all", async () => {
	await inScratch(async (dir) => {
		const root = path.join(dir, "generated");
		const first = await write(root, { "a.ts": "a", "sub/b.ts": "b" });
		assert.equal(first.created, ["a.ts", "manifest.json", "sub/b.ts"]);
		assert.equal(filesOf(root), { "a.ts": "a", "sub/b.ts": "b" });
		const before = stampsOf(dir);
		const second = await write(root, { "a.ts": "a", "sub/b.ts": "b" });
		assert.equal(second, { created: [], updated: [], deleted: [], kept: [], conflicts: [] });
		assert.equal(stampsOf(dir), before);
	});
});

test("a run touches only what changed and removes what is no longer generated, with directories left empty", async () => {
	await inScratch(async (dir) => {
		const root = path.join(dir, "generated");
		await write(root, { "same.ts": "s", "a.ts": "1", "old/deep/x.ts": "x" });
		put(root, "old/notes.md", "mine");
		const same = fs.lstatSync(path.join(root, "same.ts"), { bigint: true });
		const result = await write(root, { "same.ts": "s", "a.ts": "2" });
		assert.equal(result, { created: [], updated: ["a.ts", "manifest.json"], deleted: ["old/deep/x.ts"], kept: [], conflicts: [] });
		assert.equal(filesOf(root), { "same.ts": "s", "a.ts": "2", "old/notes.md": "mine" });
		assert.not.ok(fs.existsSync(path.join(root, "old/deep")));
		const now = fs.lstatSync(path.join(root, "same.ts"), { bigint: true });
		assert.equal([now.ino, now.mtimeNs], [same.ino, same.mtimeNs]);
	});
});

test("nothing is left beside the tree", async () => {
	await inScratch(async (dir) => {
		await write(path.join(dir, "generated"), { "a.ts": "a" });
		assert.equal(fs.readdirSync(dir), ["generated"]);
	});
});

test("a file edited by hand stops the whole run: nothing is written", async () => {
	await inScratch(async (dir) => {
		const root = path.join(dir, "generated");
		await write(root, { "a.ts": "a", "b.ts": "b" });
		put(root, "a.ts", "mine");
		const before = treeOf(dir);
		const result = await write(root, { "a.ts": "a2", "b.ts": "b2" });
		assert.equal(
			result.conflicts.map(({ path: file, kind }) => [file, kind]),
			[["a.ts", "edited"]],
		);
		assert.equal(treeOf(dir), before);
	});
});

test("force overwrites edited and foreign files and keeps each beside its place, never over an earlier copy", async () => {
	await inScratch(async (dir) => {
		const root = path.join(dir, "generated");
		await write(root, { "a.ts": "a", "gone.ts": "g" });
		put(root, "a.ts", "mine");
		put(root, "a.ts.edited", "an earlier copy");
		put(root, "gone.ts", "mine too");
		put(root, "new.ts", "foreign");
		const result = await write(root, { "a.ts": "a2", "new.ts": "n" }, { force: true });
		assert.equal(result.kept, ["a.ts.edited.2", "gone.ts.edited", "new.ts.edited"]);
		assert.equal(filesOf(root), {
			"a.ts": "a2",
			"a.ts.edited": "an earlier copy",
			"a.ts.edited.2": "mine",
			"gone.ts.edited": "mine too",
			"new.ts": "n",
			"new.ts.edited": "foreign",
		});
		assert.equal((await write(root, { "a.ts": "a2", "new.ts": "n" })).conflicts, []);
	});
});

test("force does not follow a symbolic link", async () => {
	await inScratch(async (dir) => {
		const root = path.join(dir, "generated");
		put(dir, "precious.txt", "precious");
		fs.mkdirSync(root);
		fs.symlinkSync("../precious.txt", path.join(root, "a.ts"));
		const result = await write(root, { "a.ts": "a" }, { force: true });
		assert.equal(
			result.conflicts.map((conflict) => conflict.kind),
			["not-a-file"],
		);
		assert.equal(treeOf(dir), { "generated/a.ts": "-> ../precious.txt", "precious.txt": "precious" });
	});
});

test("a file outside the tree changes along with it, or not at all", async () => {
	await inScratch(async (dir) => {
		const root = path.join(dir, "generated");
		put(dir, "wit/lock.json", "old");
		const beside = new Map([["../wit/lock.json", Buffer.from("new")]]);
		put(root, "a.ts", "foreign");
		await write(root, { "a.ts": "a" }, { beside });
		assert.is(treeOf(dir)["wit/lock.json"], "old");
		await write(root, { "b.ts": "b" }, { beside });
		assert.is(treeOf(dir)["wit/lock.json"], "new");
	});
});

test("a place that cannot be written to gives one sentence and leaves everything as it was", async () => {
	await inScratch(async (dir) => {
		put(dir, "file", "not a directory");
		try {
			await write(path.join(dir, "file", "generated"), { "a.ts": "a" });
			assert.unreachable();
		} catch (cause) {
			assert.instance(cause, CodegenFailure);
			assert.match(String(cause), `cannot write in ${path.join(dir, "file")}: ENOTDIR`);
		}
		assert.equal(treeOf(dir), { file: "not a directory" });
	});
});

test.run();
