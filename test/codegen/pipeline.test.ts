import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Emitter } from "../../codegen/emit/emitter.ts";
import { CodegenFailure } from "../../codegen/failure.ts";
import { runCodegen } from "../../codegen/pipeline.ts";
import type { CodegenOptions, CodegenResult } from "../../codegen/run.ts";
import { SOUND, spoilt } from "./lint/sound-package.ts";
import { filesOf, inScratch, put, stampsOf, treeOf } from "./write/scratch.ts";

/** Writes one file an interface, as simply as an emitter can. */
const listing: Emitter = {
	name: "listing",
	async emit({ abi }) {
		return abi.interfaces.map((each) => ({
			path: `list/${each.interface.name}.txt`,
			content: `${each.interface.functions.map((func) => func.name).join("\n")}\n`,
		}));
	},
};

function project(dir: string, wit: string = SOUND): void {
	put(dir, "wit/ai.wit", wit);
	put(dir, "codegen.config.json", `{ "enabledBackends": ["stub"], "disabledBackends": [] }\n`);
}

function run(dir: string, more: Partial<CodegenOptions> = {}): Promise<CodegenResult> {
	return runCodegen({
		witDir: path.join(dir, "wit"),
		outDir: path.join(dir, "generated"),
		configFile: path.join(dir, "codegen.config.json"),
		mode: "write",
		relativeTo: dir,
		emitters: [listing],
		...more,
	});
}

const codes = (result: CodegenResult): string[] => result.diagnostics.map((each) => `${each.span.file}: ${each.code}`);

test("a run writes what the emitters give, a manifest and the lock; the next one writes nothing", async () => {
	await inScratch(async (dir) => {
		project(dir);
		const first = await run(dir);
		assert.equal(codes(first), []);
		assert.equal(filesOf(path.join(dir, "generated")), {
			"list/poll.txt": "poll\n",
			"list/rank.txt": "rerank\nrerank-stream\n",
			"list/types.txt": "\n",
		});
		assert.equal([...first.written.created].sort(), [
			"generated/list/poll.txt",
			"generated/list/rank.txt",
			"generated/list/types.txt",
			"generated/manifest.json",
			"wit/abi.lock.json",
		]);
		assert.is(first.files, 4);
		assert.ok(fs.existsSync(path.join(dir, "wit/abi.lock.json")));
		const before = stampsOf(dir);
		const second = await run(dir);
		assert.equal(second.written, { created: [], updated: [], deleted: [], kept: [] });
		assert.equal(stampsOf(dir), before);
	});
});

test("a check writes nothing and shows what a run would change, the lock included", async () => {
	await inScratch(async (dir) => {
		project(dir);
		const before = stampsOf(dir);
		const result = await run(dir, { mode: "check" });
		assert.equal(
			result.drift.map(({ change, path: file }) => `${change} ${file}`),
			[
				"create wit/abi.lock.json",
				"create generated/list/poll.txt",
				"create generated/list/rank.txt",
				"create generated/list/types.txt",
				"create generated/manifest.json",
			],
		);
		assert.is(result.drift[1]?.diff, "--- /dev/null\n+++ b/generated/list/poll.txt\n@@ -0,0 +1,1 @@\n+poll\n");
		assert.equal(stampsOf(dir), before);
		await run(dir);
		assert.equal((await run(dir, { mode: "check" })).drift, []);
	});
});

test("an emitter that crashes changes nothing on disk and is named", async () => {
	await inScratch(async (dir) => {
		project(dir);
		await run(dir);
		put(dir, "wit/ai.wit", spoilt("    rerank-stream:", "    rerank-all:"));
		const before = stampsOf(dir);
		const broken: Emitter = {
			name: "broken",
			async emit() {
				throw new TypeError("no such thing");
			},
		};
		for (const emitters of [
			[listing, broken],
			[broken, listing],
		]) {
			try {
				await run(dir, { emitters, acceptBreaking: true });
				assert.unreachable();
			} catch (cause) {
				assert.is(String(cause), "Error: emitter 'broken' failed: no such thing");
			}
			assert.equal(stampsOf(dir), before);
		}
	});
});

test("faults of all kinds are reported together, each in its file, and nothing is written", async () => {
	await inScratch(async (dir) => {
		project(dir);
		await run(dir);
		put(dir, "wit/ai.wit", spoilt("@feature supports_modes", "@featur supports_modes", spoilt("query: string", "query: u64")));
		put(dir, "codegen.config.json", `{ "enabledBackends": ["Stub"] }`);
		const before = stampsOf(dir);
		const result = await run(dir);
		assert.equal(codes(result), [
			"codegen.config.json: invalid-config",
			"wit/abi.lock.json: feature-removed",
			"wit/ai.wit: record-field-type-changed",
			"wit/ai.wit: 64-bit-integer",
			"wit/ai.wit: unknown-doc-tag",
		]);
		assert.equal(stampsOf(dir), before);
	});
});

test("a break is reported until it is accepted; accepting it brings lock and tree up to date together", async () => {
	await inScratch(async (dir) => {
		project(dir);
		await run(dir);
		put(dir, "wit/ai.wit", spoilt("query: string", "query: option<string>"));
		assert.equal(codes(await run(dir)), ["wit/ai.wit: record-field-type-changed"]);
		assert.equal(codes(await run(dir, { mode: "check" })), ["wit/ai.wit: record-field-type-changed"]);
		const accepted = await run(dir, { acceptBreaking: true });
		assert.equal(codes(accepted), []);
		assert.equal(accepted.written.updated, ["wit/abi.lock.json"]);
		assert.equal(codes(await run(dir)), []);
	});
});

test("a lock that is gone is reported, and not written anew until that is accepted", async () => {
	await inScratch(async (dir) => {
		project(dir);
		await run(dir);
		fs.rmSync(path.join(dir, "wit/abi.lock.json"));
		put(dir, "wit/ai.wit", spoilt("top: option<u32>", "top: option<u16>"));
		for (const mode of ["write", "check"] as const) assert.equal(codes(await run(dir, { mode })), ["wit/abi.lock.json: missing-abi-lock"]);
		assert.is(fs.existsSync(path.join(dir, "wit/abi.lock.json")), false);
		const accepted = await run(dir, { acceptBreaking: true });
		assert.equal([codes(accepted), accepted.written.created], [[], ["wit/abi.lock.json"]]);
	});
});

test("an addition updates the lock by itself", async () => {
	await inScratch(async (dir) => {
		project(dir);
		await run(dir);
		put(
			dir,
			"wit/ai.wit",
			spoilt("    /// Ranks.\n", "    /// More.\n    @since(version = 0.1.0)\n    more: func() -> result<u32, error>;\n    /// Ranks.\n"),
		);
		const result = await run(dir);
		assert.equal(codes(result), []);
		assert.equal([...result.written.updated].sort(), ["generated/list/rank.txt", "generated/manifest.json", "wit/abi.lock.json"]);
		assert.match(treeOf(dir)["wit/abi.lock.json"] ?? "", `"rank.more"`);
	});
});

test("a hand-edited generated file is a finding; forcing keeps it beside", async () => {
	await inScratch(async (dir) => {
		project(dir);
		await run(dir);
		put(dir, "generated/list/rank.txt", "mine\n");
		const result = await run(dir);
		assert.equal(codes(result), ["generated/list/rank.txt: generated-file-edited"]);
		assert.match(result.diagnostics[0]?.help ?? "", "keeps the changed file as `generated/list/rank.txt.edited`");
		assert.is(treeOf(dir)["generated/list/rank.txt"], "mine\n");
		const forced = await run(dir, { force: true });
		assert.equal(forced.written.kept, ["generated/list/rank.txt.edited"]);
		assert.is(treeOf(dir)["generated/list/rank.txt"], "rerank\nrerank-stream\n");
		assert.is(treeOf(dir)["generated/list/rank.txt.edited"], "mine\n");
	});
});

test("a manifest with merge markers is a finding, for every file might be anyone's", async () => {
	await inScratch(async (dir) => {
		project(dir);
		await run(dir);
		put(dir, "generated/manifest.json", "<<<<<<< ours\n");
		const before = stampsOf(dir);
		assert.equal(codes(await run(dir)), ["generated/manifest.json: invalid-manifest"]);
		assert.equal(stampsOf(dir), before);
		assert.equal((await run(dir, { force: true })).written.kept, []);
		assert.equal(codes(await run(dir)), []);
	});
});

test("files of the user's own in the tree are left alone", async () => {
	await inScratch(async (dir) => {
		project(dir);
		put(dir, "generated/notes.md", "mine");
		put(dir, "generated/list/own.txt", "mine");
		assert.equal(codes(await run(dir)), []);
		assert.equal((await run(dir, { emitters: [] })).written.deleted, [
			"generated/list/poll.txt",
			"generated/list/rank.txt",
			"generated/list/types.txt",
		]);
		assert.equal(filesOf(path.join(dir, "generated")), { "list/own.txt": "mine", "notes.md": "mine" });
	});
});

test("a tree that is a symbolic link is refused", async () => {
	await inScratch(async (dir) => {
		project(dir);
		fs.mkdirSync(path.join(dir, "elsewhere"));
		fs.symlinkSync("elsewhere", path.join(dir, "generated"));
		try {
			await run(dir);
			assert.unreachable();
		} catch (cause) {
			assert.instance(cause, CodegenFailure);
			assert.match(String(cause), "generated is a symbolic link");
		}
		assert.equal(fs.readdirSync(path.join(dir, "elsewhere")), []);
	});
});

test("runs at the same time end in one tree that is whole", async () => {
	await inScratch(async (dir) => {
		project(dir);
		await Promise.all([run(dir), run(dir), run(dir)]);
		assert.equal((await run(dir, { mode: "check" })).drift, []);
		assert.equal(fs.readdirSync(dir).sort(), ["codegen.config.json", "generated", "wit"]);
	});
});

test.run();
