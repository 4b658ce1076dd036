import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Emitter } from "../../../codegen/emit/emitter.ts";
import { runCodegen } from "../../../codegen/pipeline.ts";
import type { CodegenOptions, CodegenResult } from "../../../codegen/run.ts";
import { SOUND } from "../lint/sound-package.ts";
import { inScratch, put } from "../write/scratch.ts";

/** Writes a file in a folder. */
const one: Emitter = { name: "one", emit: async () => [{ path: "folder/one.txt", content: "one" }] };

/** A run with one emitter. The ABI is absent from the result if there was nothing to do. */
function run(dir: string, more: Partial<CodegenOptions> = {}): Promise<CodegenResult> {
	return runCodegen({
		witDir: path.join(dir, "wit"),
		outDir: path.join(dir, "generated"),
		configFile: path.join(dir, "codegen.config.json"),
		mode: "write",
		relativeTo: dir,
		emitters: [one],
		cache: path.join(dir, "cache"),
		...more,
	});
}

async function inProject(work: (dir: string) => Promise<void>): Promise<void> {
	await inScratch(async (dir) => {
		put(dir, "wit/ai.wit", SOUND);
		put(dir, "codegen.config.json", `{ "enabledBackends": ["stub"], "disabledBackends": [] }\n`);
		const first = await run(dir);
		assert.equal(first.diagnostics, []);
		assert.ok(first.abi);
		await work(dir);
	});
}

const isSkipped = ({ abi }: CodegenResult): boolean => abi === undefined;

test("a run after a clean one has nothing to do, with or without --check", async () => {
	await inProject(async (dir) => {
		for (const mode of ["write", "check"] as const) {
			const again = await run(dir, { mode });
			assert.ok(isSkipped(again), mode);
			assert.equal(again.drift, []);
			assert.is(again.files, 2);
		}
	});
});

const CHANGES: readonly (readonly [what: string, change: (dir: string) => void])[] = [
	["WIT", (dir) => put(dir, "wit/ai.wit", `${SOUND}\n// more\n`)],
	["another file beside the WIT", (dir) => put(dir, "wit/deps/readme.md", "hello")],
	["the configuration", (dir) => put(dir, "codegen.config.json", `{ "enabledBackends": [], "disabledBackends": [] }\n`)],
	["the lock", (dir) => fs.rmSync(path.join(dir, "wit/abi.lock.json"))],
	["a generated file", (dir) => fs.appendFileSync(path.join(dir, "generated/folder/one.txt"), "// by hand\n")],
	["a generated file that is gone", (dir) => fs.rmSync(path.join(dir, "generated/folder/one.txt"))],
	["the manifest", (dir) => fs.appendFileSync(path.join(dir, "generated/manifest.json"), "\n")],
	[
		"a directory that became a link",
		(dir) => {
			fs.renameSync(path.join(dir, "generated/folder"), path.join(dir, "elsewhere"));
			fs.symlinkSync(path.join(dir, "elsewhere"), path.join(dir, "generated/folder"));
		},
	],
	["a damaged cache", (dir) => put(dir, "cache/stamp.json", "{")],
];

test("whatever has changed, the next run looks at everything", async () => {
	await inProject(async (dir) => {
		for (const [what, change] of CHANGES) {
			fs.cpSync(dir, `${dir}-copy`, { recursive: true });
			try {
				change(dir);
				assert.not.ok(isSkipped(await run(dir, { mode: "check" })), what);
			} finally {
				fs.rmSync(dir, { recursive: true });
				fs.renameSync(`${dir}-copy`, dir);
			}
		}
		assert.ok(isSkipped(await run(dir)));
	});
});

test("a run with faults leaves no stamp", async () => {
	await inProject(async (dir) => {
		put(dir, "wit/ai.wit", SOUND.replace("package", "pakkage"));
		for (const _ of [1, 2]) assert.ok((await run(dir)).diagnostics.length > 0);
	});
});

test.run();
