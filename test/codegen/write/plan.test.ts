import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { manifestOf, printManifest } from "../../../codegen/write/manifest.ts";
import { isCurrent, planWrite, type WritePlan } from "../../../codegen/write/plan.ts";
import { emitted, inScratch, put } from "./scratch.ts";

/** The plan as paths, the manifest left out. */
function brief(plan: WritePlan): Record<string, string[]> {
	const paths = (entries: readonly { readonly path: string }[]): string[] =>
		entries.map((entry) => entry.path).filter((name) => name !== "manifest.json");
	return {
		create: paths(plan.create),
		update: paths(plan.update),
		delete: paths(plan.delete),
		unchanged: plan.unchanged.filter((name) => name !== "manifest.json"),
		conflict: plan.conflict.map((conflict) => `${conflict.kind} ${conflict.path}`),
	};
}

test("each file is created, updated, deleted or left unchanged by comparing emitted, recorded and found content", async () => {
	await inScratch((dir) => {
		const before = emitted({ "same.ts": "same", "changed.ts": "old", "sub/obsolete.ts": "gone", "missing.ts": "lost" });
		for (const file of before) if (file.path !== "missing.ts") put(dir, file.path, String(file.content));
		const plan = planWrite(
			dir,
			emitted({ "same.ts": "same", "changed.ts": "new", "missing.ts": "lost", "sub/new.ts": "new" }),
			manifestOf(before),
		);
		assert.equal(brief(plan), {
			create: ["missing.ts", "sub/new.ts"],
			update: ["changed.ts"],
			delete: ["sub/obsolete.ts"],
			unchanged: ["same.ts"],
			conflict: [],
		});
	});
});

test("the manifest comes last, so that it never claims what is not there yet", async () => {
	await inScratch((dir) => {
		const plan = planWrite(dir, emitted({ "z.ts": "z", "a.ts": "a" }), new Map());
		assert.equal(
			plan.create.map((entry) => entry.path),
			["a.ts", "z.ts", "manifest.json"],
		);
	});
});

test("a file edited by hand is a conflict whether it is still generated or not", async () => {
	await inScratch((dir) => {
		const manifest = manifestOf(emitted({ "kept.ts": "old", "dropped.ts": "old" }));
		put(dir, "kept.ts", "mine");
		put(dir, "dropped.ts", "mine");
		const plan = planWrite(dir, emitted({ "kept.ts": "new" }), manifest);
		assert.equal(brief(plan).conflict, ["edited dropped.ts", "edited kept.ts"]);
		assert.equal(brief(plan).delete, []);
	});
});

test("an edit that equals what is generated now is no conflict", async () => {
	await inScratch((dir) => {
		put(dir, "a.ts", "new");
		const plan = planWrite(dir, emitted({ "a.ts": "new" }), manifestOf(emitted({ "a.ts": "old" })));
		assert.equal(brief(plan).unchanged, ["a.ts"]);
	});
});

test("a file codegen never wrote is left alone, and a conflict only where an emitter wants its path", async () => {
	await inScratch((dir) => {
		put(dir, "notes.md", "mine");
		put(dir, "a.ts", "mine");
		const plan = planWrite(dir, emitted({ "a.ts": "new" }), new Map());
		assert.equal(brief(plan), { create: [], update: [], delete: [], unchanged: [], conflict: ["foreign a.ts"] });
	});
});

test("symbolic links and directories in the way are refused, with what they are", async () => {
	await inScratch((dir) => {
		fs.mkdirSync(path.join(dir, "elsewhere"));
		fs.symlinkSync("elsewhere", path.join(dir, "linked"));
		fs.symlinkSync("/etc/hostname", path.join(dir, "link.ts"));
		put(dir, "dir.ts/notes.md", "mine");
		put(dir, "file", "mine");
		const files = emitted({ "linked/a.ts": "a", "link.ts": "b", "dir.ts": "c", "file/d.ts": "d" });
		const plan = planWrite(dir, files, new Map());
		assert.equal(
			plan.conflict.map(({ path: file, kind, found }) => [file, kind, found]),
			[
				["dir.ts", "not-a-file", "it is a directory that is not only codegen's"],
				["file/d.ts", "not-a-file", "`file` is a file, not a directory"],
				["link.ts", "not-a-file", "it is a symbolic link"],
				["linked/a.ts", "not-a-file", "`linked` is a symbolic link"],
			],
		);
	});
});

test("a generated file may become a directory and a generated directory a file", async () => {
	await inScratch((dir) => {
		const before = emitted({ thing: "file", "other/inner.ts": "x" });
		for (const file of before) put(dir, file.path, String(file.content));
		const plan = planWrite(dir, emitted({ "thing/inner.ts": "y", other: "file" }), manifestOf(before));
		assert.equal(brief(plan), {
			create: ["other", "thing/inner.ts"],
			update: [],
			delete: ["other/inner.ts", "thing"],
			unchanged: [],
			conflict: [],
		});
	});
});

test("a tree that matches is current and its plan empty", async () => {
	await inScratch((dir) => {
		const files = emitted({ "a.ts": "a" });
		put(dir, "a.ts", "a");
		put(dir, "manifest.json", printManifest(manifestOf(files)));
		assert.ok(isCurrent(planWrite(dir, files, manifestOf(files))));
	});
});

for (const [what, files, message] of [
	["leaves the tree", { "../a.ts": "a" }, "emitter 'test' gave the path '../a.ts', which is not inside the generated tree"],
	["is absolute", { "/a.ts": "a" }, "emitter 'test' gave the path '/a.ts', which is not inside the generated tree"],
	["has a backslash", { "a\\b.ts": "a" }, "emitter 'test' gave the path 'a\\b.ts', which is not inside the generated tree"],
	[
		"differs from another in case only",
		{ "A.ts": "a", "a.ts": "b" },
		"emitters 'test' and 'test' both write 'a.ts' (paths must differ in more than case)",
	],
	[
		"is the manifest",
		{ "manifest.json": "{}" },
		"emitters 'the manifest' and 'test' both write 'manifest.json' (paths must differ in more than case)",
	],
	["lies below another file", { a: "a", "a/b.ts": "b" }, "emitter 'test' writes the file 'a', 'test' a file below it"],
] as const) {
	test(`an emitted path that ${what} is a fault of the emitter`, async () => {
		await inScratch((dir) => {
			assert.throws(
				() => planWrite(dir, emitted(files), new Map()),
				(cause: unknown) => cause instanceof Error && cause.message === message,
			);
		});
	});
}

test.run();
