/** The description of core modules in a run of the generator: read, checked, locked, and seen by the cache. */
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { coreEmitter } from "../../../codegen/emit/core/index.ts";
import { runCodegen } from "../../../codegen/pipeline.ts";
import type { CodegenOptions, CodegenResult } from "../../../codegen/run.ts";
import { SOUND } from "../lint/sound-package.ts";
import { inScratch, put } from "../write/scratch.ts";
import { SOUND_CORE, spoiltCore } from "./sound-core.ts";

const CORE = "wit/spear-core/lamps.wit";
const LOCK = "wit/spear-core/abi.lock.json";

function run(dir: string, more: Partial<CodegenOptions> = {}): Promise<CodegenResult> {
	return runCodegen({
		witDir: path.join(dir, "wit"),
		outDir: path.join(dir, "generated"),
		configFile: path.join(dir, "codegen.config.json"),
		mode: "write",
		relativeTo: dir,
		emitters: [coreEmitter],
		cache: path.join(dir, "cache"),
		...more,
	});
}

async function inProject(work: (dir: string) => Promise<void>): Promise<void> {
	await inScratch(async (dir) => {
		put(dir, "wit/ai.wit", SOUND);
		put(dir, CORE, SOUND_CORE);
		put(dir, "codegen.config.json", `{ "enabledBackends": ["stub"], "disabledBackends": [] }\n`);
		const { diagnostics, written } = await run(dir);
		assert.equal(diagnostics, []);
		assert.ok(written.created.includes(LOCK));
		await work(dir);
	});
}

const findings = ({ diagnostics }: CodegenResult): string[] => diagnostics.map(({ span, code }) => `${span.file}:${span.line}: ${code}`);
/** The ABI is absent from the result if there was nothing to do. */
const isSkipped = ({ abi }: CodegenResult): boolean => abi === undefined;

test("a run with two locks is not made again, and each change of the description or its lock is seen", async () => {
	await inProject(async (dir) => {
		assert.ok(isSkipped(await run(dir)));
		assert.ok(isSkipped(await run(dir, { mode: "check" })));
		put(dir, CORE, SOUND_CORE.replace("/// Lamps.", "/// Lamps of the house."));
		const { drift } = await run(dir, { mode: "check" });
		assert.ok(drift.some(({ path: file }) => file === "generated/hostcall/core/lamps.ts"));
		put(dir, CORE, SOUND_CORE);
		assert.ok(isSkipped(await run(dir, { mode: "check" })));
		fs.rmSync(path.join(dir, LOCK));
		assert.equal(findings(await run(dir, { mode: "check" })), [`${LOCK}:1: missing-abi-lock`]);
	});
});

test("a fault of the description is reported at its place, and nothing is written", async () => {
	await inProject(async (dir) => {
		const line = SOUND_CORE.split("\n").indexOf("    /// @core-import lamp_on") + 1;
		put(dir, CORE, spoiltCore("@core-import lamp_on\n", "@core-import LAMP\n"));
		const before = fs.readFileSync(path.join(dir, "generated/manifest.json"), "utf8");
		assert.equal(findings(await run(dir)), [`${CORE}:${line}: malformed-doc-tag`]);
		assert.is(fs.readFileSync(path.join(dir, "generated/manifest.json"), "utf8"), before);
		put(dir, CORE, SOUND_CORE.replace("interface lamps {", "interface lamps"));
		assert.equal(
			findings(await run(dir)).map((each) => each.split(": ")[1]),
			["syntax"],
		);
	});
});

test("a break of core modules is a finding at its place until it is accepted, and an addition gets into the lock", async () => {
	await inProject(async (dir) => {
		const line = SOUND_CORE.split("\n").findIndex((each) => each.includes("blink: func")) + 1;
		put(dir, CORE, spoiltCore("@command 3", "@command 4"));
		const broken = await run(dir);
		assert.equal(findings(broken), [`${CORE}:${line}: core-command-renumbered`]);
		assert.match(
			broken.diagnostics[0]?.help ?? "",
			/keep the number; or accept it with `--accept-breaking` and raise the version of the package to `0\.2\.0`/,
		);
		assert.equal(findings(await run(dir, { acceptBreaking: true })), []);
		assert.match(fs.readFileSync(path.join(dir, LOCK), "utf8"), /"number": "4"/);

		const more = "    /// Green.\n        ///\n        /// @number 9\n        green,\n    }\n    /// Parts.";
		put(dir, CORE, spoiltCore("@command 3", "@command 4").replace("    }\n    /// Parts.", more));
		const grown = await run(dir);
		assert.equal(findings(grown), []);
		assert.ok(grown.written.updated.includes(LOCK));
		assert.match(fs.readFileSync(path.join(dir, LOCK), "utf8"), /"number lamps\.colour\.green"/);
	});
});

test("what is gone is reported at its line of the lock", async () => {
	await inProject(async (dir) => {
		const line = fs.readFileSync(path.join(dir, LOCK), "utf8").split("\n").indexOf('\t\t"import house.lamp_count": {') + 1;
		put(dir, CORE, SOUND_CORE.replace(/ {4}\/\/\/ Counts\.[^;]*;\n/, ""));
		assert.equal(findings(await run(dir)), [`${LOCK}:${line}: core-import-removed`]);
		fs.writeFileSync(path.join(dir, LOCK), "{}");
		assert.equal(findings(await run(dir)), [`${LOCK}:1: invalid-abi-lock`]);
	});
});

test("a package that gains core modules later gets a lock without a question", async () => {
	await inScratch(async (dir) => {
		put(dir, "wit/ai.wit", SOUND);
		put(dir, "codegen.config.json", `{ "enabledBackends": ["stub"], "disabledBackends": [] }\n`);
		assert.equal((await run(dir)).files, 1);
		put(dir, CORE, SOUND_CORE);
		const grown = await run(dir);
		assert.equal(findings(grown), []);
		assert.ok(grown.written.created.includes(LOCK));
	});
});

test.run();
