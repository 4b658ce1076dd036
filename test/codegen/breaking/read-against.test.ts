import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareSurfaces } from "../../../codegen/breaking/compare.ts";
import { printLock } from "../../../codegen/breaking/lock-format.ts";
import { readModelAt, readSurfaceAt as readStateAt } from "../../../codegen/breaking/read-against.ts";
import { surfaceOf } from "../../../codegen/breaking/surface-of-model.ts";
import { COMPONENTS } from "../../../codegen/commands/comparison.ts";
import { CodegenFailure } from "../../../codegen/failure.ts";
import { inScratch } from "../write/scratch.ts";

const PACKAGE = "package a:b@1.0.0;\ninterface i { use c:d/j@1.0.0.{r}; f: func(r: r); }\n";
const DEPENDENCY = "package c:d@1.0.0;\ninterface j { record r { x: u8 } }\n";

function put(dir: string, files: Record<string, string>): void {
	for (const [file, text] of Object.entries(files)) {
		fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
		fs.writeFileSync(path.join(dir, file), text);
	}
}

function git(dir: string, ...args: string[]): void {
	const identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"];
	execFileSync("git", ["-C", dir, ...identity, ...args], { stdio: "ignore" });
}

/** A repository with one commit, tagged `v1`, in a subdirectory `wit` or at the top. */
async function inRepository(wit: string, run: (witDir: string, dir: string) => Promise<void>): Promise<void> {
	await inScratch(async (dir) => {
		const witDir = path.join(dir, wit);
		put(witDir, { "i.wit": PACKAGE, "deps/c/j.wit": DEPENDENCY, "notes.md": "no WIT", "wasi/x.wit": "package no:matter;" });
		git(dir, "init");
		git(dir, "add", "-A");
		git(dir, "commit", "-m", "first");
		git(dir, "tag", "v1");
		await run(witDir, dir);
	});
}

const readSurfaceAt = (against: string, witDir: string) => readStateAt(against, witDir, COMPONENTS);

async function failure(work: Promise<unknown>): Promise<string> {
	try {
		await work;
	} catch (cause) {
		if (cause instanceof CodegenFailure && cause.exitCode === 2) return cause.message;
		throw cause;
	}
	throw new Error("it must fail");
}

for (const wit of ["wit", "."]) {
	test(`a commit is read with its dependencies, the WIT lying in \`${wit}\``, async () => {
		await inRepository(wit, async (witDir, dir) => {
			put(witDir, { "deps/c/j.wit": DEPENDENCY.replace("u8", "u16") });
			const now = surfaceOf(await readModelAt(witDir, witDir));
			for (const ref of ["v1", "HEAD", "main"])
				assert.equal(
					compareSurfaces(await readSurfaceAt(ref, witDir), now).map(({ rule, item }) => `${rule} ${item}`),
					["record-field-type-changed c:d/j@1.0.0.r"],
				);
			git(dir, "commit", "-am", "second");
			assert.equal(compareSurfaces(await readSurfaceAt("HEAD", witDir), now), []);
			assert.is(compareSurfaces(await readSurfaceAt("HEAD~1", witDir), now).length, 1);
		});
	});
}

test("a directory, a file and a lock are read as they are", async () => {
	await inScratch(async (dir) => {
		put(dir, { "wit/i.wit": PACKAGE, "wit/deps/c/j.wit": DEPENDENCY, "one.wit": "package a:b@1.0.0;\ninterface i { f: func(); }" });
		const wit = path.join(dir, "wit");
		const surface = await readSurfaceAt(wit, wit);
		assert.equal([...surface.scopes.keys()], ["i", "c:d/j@1.0.0"]);
		put(dir, { "abi.lock.json": printLock(surface) });
		assert.is(printLock(await readSurfaceAt(path.join(dir, "abi.lock.json"), wit)), printLock(surface));
		assert.equal([...(await readSurfaceAt(path.join(dir, "one.wit"), wit)).scopes.keys()], ["i"]);
	});
});

test("what cannot be read is said in one line", async () => {
	await inRepository("wit", async (witDir, dir) => {
		put(dir, { "bad/i.wit": "package a:b;\ninterface i { f: func(x: y); }", "bad.json": "{}" });
		assert.match(await failure(readSurfaceAt("nowhere", witDir)), /^nowhere is no path and no commit that git can read/);
		assert.match(await failure(readSurfaceAt("--upload-pack=x", witDir)), /^--upload-pack=x is no path and no commit/);
		assert.match(await failure(readSurfaceAt(path.join(dir, "bad"), witDir)), /bad cannot be read: i\.wit:2:26: /);
		assert.match(await failure(readSurfaceAt(path.join(dir, "bad.json"), witDir)), /bad\.json is not a lock that this codegen can read$/);
		fs.mkdirSync(path.join(dir, "elsewhere"));
		assert.is(await failure(readSurfaceAt("v1", path.join(dir, "elsewhere"))), "there is no WIT in `elsewhere/` at v1");
	});
	await inScratch(async (dir) => {
		assert.match(
			await failure(readSurfaceAt("HEAD", dir)),
			/^HEAD is no path and no commit that git can read: fatal: not a git repository/,
		);
	});
});

test.run();
