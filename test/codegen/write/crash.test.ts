/** A run that dies: at every single change it makes to the disk, what is left is the old tree or leads to the new one. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Disk } from "../../../codegen/write/disk.ts";
import { loadManifest, type Manifest } from "../../../codegen/write/manifest.ts";
import { isInterrupted, recover, writeTree } from "../../../codegen/write/write-tree.ts";
import { emitted, inScratch, put, treeOf } from "./scratch.ts";

const OLD = { "same.ts": "same", "changed.ts": "old", "edited.ts": "old", "gone/deep.ts": "old", turn: "file" };
const BESIDE = ["../wit/lock.json"];
const NEW = { "same.ts": "same", "changed.ts": "new", "edited.ts": "new", "added/deep.ts": "new", "turn/inner.ts": "new" };

/** A disk whose machine loses power after a number of changes: that change is done by half, all later ones not at all. */
class DyingDisk extends Disk {
	changesLeft: number;

	constructor(changesLeft: number) {
		super();
		this.changesLeft = changesLeft;
	}

	#step(): void {
		if (this.changesLeft-- <= 0) throw new Error("power lost");
	}

	override makeDirectory(directory: string): void {
		this.#step();
		super.makeDirectory(directory);
	}

	override write(file: string, content: Uint8Array): void {
		if (this.changesLeft === 0) fs.writeFileSync(file, content.subarray(0, content.length / 2));
		this.#step();
		super.write(file, content);
	}

	override touch(file: string): void {
		this.#step();
		super.touch(file);
	}

	override rename(from: string, to: string): void {
		this.#step();
		super.rename(from, to);
	}

	override remove(file: string): void {
		this.#step();
		super.remove(file);
	}

	override removeTree(directory: string): void {
		this.#step();
		super.removeTree(directory);
	}

	override removeIfEmpty(directory: string): boolean {
		this.#step();
		return super.removeIfEmpty(directory);
	}
}

/** The dead run's lock must not be taken for that of this process. */
const DEAD = { pid: 1, isAlive: (pid: number) => pid !== 1 };

function manifestIn(root: string): () => Manifest {
	return () => {
		const reading = loadManifest(root);
		return reading.ok ? reading.manifest : new Map();
	};
}

async function prepare(dir: string): Promise<string> {
	const root = path.join(dir, "generated");
	put(dir, "wit/lock.json", "old");
	await writeTree({ root, files: emitted(OLD), manifest: manifestIn(root) });
	put(root, "edited.ts", "mine");
	put(root, "notes.md", "foreign");
	return root;
}

function newRun(root: string, disk?: Disk): Parameters<typeof writeTree>[0] {
	const beside = new Map(BESIDE.map((file) => [file, Buffer.from("new")]));
	return {
		root,
		files: emitted(NEW),
		manifest: manifestIn(root),
		beside,
		force: true,
		...(disk === undefined ? {} : { disk, lock: DEAD }),
	};
}

/** What is left when the run dies at its `changes`-th change; undefined when it does not die. */
async function dieAfter(changes: number, dir: string): Promise<string | undefined> {
	const root = await prepare(dir);
	const disk = new DyingDisk(changes);
	try {
		await writeTree(newRun(root, disk));
		return undefined;
	} catch (cause) {
		assert.is(cause instanceof Error && cause.message, "power lost");
		return root;
	}
}

test("whatever change a run dies at, the next one finds the old tree or completes the new one, and nothing is lost", async () => {
	const outcomes = { old: 0, half: 0, new: 0 };
	const finalTree = await inScratch(async (dir) => {
		await writeTree(newRun(await prepare(dir)));
		return treeOf(dir);
	});
	assert.is(finalTree["generated/edited.ts.edited"], "mine");
	assert.is(finalTree["generated/notes.md"], "foreign");
	const oldTree = await inScratch(async (dir) => {
		await prepare(dir);
		return treeOf(dir);
	});
	let changes = 0;
	for (let alive = false; !alive; changes++) {
		await inScratch(async (dir) => {
			const root = await dieAfter(changes, dir);
			if (root === undefined) {
				alive = true;
				return;
			}
			const visible = withoutStaging(treeOf(dir));
			const interrupted = isInterrupted(root);
			if (!interrupted) {
				const isOld = JSON.stringify(visible) === JSON.stringify(oldTree);
				if (!isOld) assert.equal(visible, finalTree, `change ${changes}: neither old nor new`);
				outcomes[isOld ? "old" : "new"]++;
			} else outcomes.half++;

			await recover(root, new Disk(), { isAlive: DEAD.isAlive }, BESIDE);
			assert.equal(treeOf(dir), interrupted ? finalTree : visible, `change ${changes}: recovery`);
			await writeTree(newRun(root));
			assert.equal(treeOf(dir), finalTree, `change ${changes}: next run`);
			assert.equal(fs.readdirSync(dir).sort(), ["generated", "wit"], `change ${changes}: something left behind`);
		});
	}
	assert.ok(outcomes.old > 8 && outcomes.half > 8 && outcomes.new > 1, JSON.stringify(outcomes));
});

test("a run that finds an interrupted one completes it before it looks at the tree", async () => {
	const firstHalf = await firstInterruptingChange();
	await inScratch(async (dir) => {
		const root = await dieAfter(firstHalf, dir);
		assert.ok(root);
		if (root === undefined) return;
		const files = emitted({ ...NEW, "changed.ts": "newer" });
		const result = await writeTree({ ...newRun(root), files, lock: { isAlive: DEAD.isAlive } });
		assert.equal(result, { created: [], updated: ["changed.ts", "manifest.json"], deleted: [], kept: [], conflicts: [] });
	});
});

test("a recovery that dies itself is completed by the next", async () => {
	const finalTree = await inScratch(async (dir) => {
		await writeTree(newRun(await prepare(dir)));
		return treeOf(dir);
	});
	const firstHalf = await firstInterruptingChange();
	for (let changes = 0; changes < 40; changes++) {
		await inScratch(async (dir) => {
			const root = await dieAfter(firstHalf, dir);
			assert.ok(root !== undefined && isInterrupted(root));
			if (root === undefined) return;
			try {
				await recover(root, new DyingDisk(changes), DEAD, BESIDE);
			} catch (cause) {
				assert.is(cause instanceof Error && cause.message, "power lost");
			}
			await recover(root, new Disk(), { isAlive: DEAD.isAlive }, BESIDE);
			assert.equal(treeOf(dir), finalTree, `second death after ${changes}`);
		});
	}
});

test("what the user changes between a crash and the recovery is kept", async () => {
	const firstHalf = await firstInterruptingChange();
	await inScratch(async (dir) => {
		const root = await dieAfter(firstHalf, dir);
		assert.ok(root);
		if (root === undefined) return;
		put(root, "changed.ts", "mine, after the crash");
		await recover(root, new Disk(), { isAlive: DEAD.isAlive }, BESIDE);
		assert.is(treeOf(root)["changed.ts"], "new");
		assert.is(treeOf(root)["changed.ts.edited"], "mine, after the crash");
	});
});

test("a process killed while it writes leaves the old tree or one that the next run completes", async () => {
	const script = path.join(import.meta.dirname, "write-and-stall.ts");
	for (const stallAt of ["stage", "move"]) {
		await inScratch(async (dir) => {
			const root = path.join(dir, "generated");
			await writeTree({ root, files: emitted({ "a.ts": "old", "b.ts": "old" }), manifest: manifestIn(root) });
			const child = spawn(process.execPath, [script, root, stallAt], { stdio: ["ignore", "pipe", "inherit"] });
			await new Promise((resolve) => child.stdout.once("data", resolve));
			child.kill("SIGKILL");
			await new Promise((resolve) => child.once("exit", resolve));
			assert.is(isInterrupted(root), stallAt === "move");
			await recover(root);
			const expected = stallAt === "move" ? "new" : "old";
			assert.equal([treeOf(root)["a.ts"], treeOf(root)["b.ts"]], [expected, expected]);
			assert.equal(fs.readdirSync(dir), ["generated"]);
		});
	}
});

async function firstInterruptingChange(): Promise<number> {
	for (let changes = 0; ; changes++) {
		const found = await inScratch(async (dir) => {
			const root = await dieAfter(changes, dir);
			return root !== undefined && isInterrupted(root);
		});
		if (found) return changes + 2;
	}
}

function withoutStaging(tree: Record<string, string>): Record<string, string> {
	return Object.fromEntries(Object.entries(tree).filter(([file]) => !file.startsWith(".generated.codegen/")));
}

test.run();
