import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GeneratorBundle } from "../../../codegen/bundle/bundle.ts";
import { CodegenFailure } from "../../../codegen/failure.ts";
import { generate } from "../../../codegen/generate.ts";
import type { CodegenOptions, Generate } from "../../../codegen/run.ts";
import { testInFull } from "../../helpers/full-run.ts";
import { inScratch } from "../write/scratch.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** Loads the generator, lets it do `work`, and keeps what it lacked. */
async function run(directory: string, work: (generate: Generate) => Promise<void> = async () => {}): Promise<"sources" | "script"> {
	const bundle = new GeneratorBundle(directory);
	const loaded = await bundle.load();
	await work(loaded);
	await bundle.keep();
	return loaded === generate ? "sources" : "script";
}

function flipBit(file: string): Buffer {
	const bytes = fs.readFileSync(file);
	bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 1, bytes.length - 9);
	fs.writeFileSync(file, bytes);
	return bytes;
}

test("a bundle makes the files that the sources make, without its compiled code and with it", async () => {
	await inScratch(async (dir) => {
		const options: CodegenOptions = {
			witDir: path.join(ROOT, "wit"),
			outDir: path.join(ROOT, "generated"),
			configFile: path.join(ROOT, "codegen/codegen.config.json"),
			cache: path.join(dir, "cache"),
			mode: "check",
		};
		const forms: string[] = [];
		for (const _ of [1, 2, 3]) {
			const form = await run(path.join(dir, "bundle"), async (load) => {
				const { drift, files } = await load(options);
				assert.equal(drift, []);
				assert.ok(files > 200);
			});
			forms.push(form);
		}
		assert.equal(forms, ["sources", "script", "script"]);
	});
});

test("a damaged file of a bundle is not used, and is made again", async () => {
	await inScratch(async (dir) => {
		assert.equal([await run(dir), await run(dir)], ["sources", "script"]);
		const code = path.join(dir, "generate.code");
		const damaged = flipBit(code);
		assert.is(await run(dir), "script");
		assert.is.not(fs.readFileSync(code).compare(damaged), 0);
		flipBit(path.join(dir, "generate.js"));
		assert.equal([await run(dir), await run(dir)], ["sources", "script"]);
	});
});

test("a failure of the bundle is one for the command line", async () => {
	await inScratch(async (dir) => {
		await run(dir);
		const form = await run(dir, async (load) => {
			try {
				await load({ witDir: path.join(dir, "none"), outDir: path.join(dir, "out"), configFile: "none", mode: "write" });
				assert.unreachable();
			} catch (cause) {
				assert.ok(cause instanceof CodegenFailure);
				assert.is(cause.exitCode, 2);
			}
		});
		assert.is(form, "script");
	});
});

test("a bundle that cannot be kept leaves the sources", async () => {
	await inScratch(async (dir) => {
		const occupied = path.join(dir, "bundle");
		fs.writeFileSync(occupied, "");
		assert.equal([await run(occupied), await run(occupied)], ["sources", "sources"]);
	});
});

testInFull("a change of a source takes effect in the next run, though there is a bundle", async () => {
	await inScratch((dir) => {
		for (const name of ["codegen", "generated", "package.json", "wit"])
			fs.cpSync(path.join(ROOT, name), path.join(dir, name), { recursive: true });
		fs.mkdirSync(path.join(dir, "node_modules"));
		for (const name of fs.readdirSync(path.join(ROOT, "node_modules"))) {
			if (!name.startsWith(".")) fs.symlinkSync(path.join(ROOT, "node_modules", name), path.join(dir, "node_modules", name));
		}
		const check = (): string => {
			// The package means the same, and is read again.
			fs.appendFileSync(path.join(dir, "wit/asr.wit"), "\n");
			return spawnSync(process.execPath, ["codegen/bin.js", "--check"], { cwd: dir, encoding: "utf8" }).stdout;
		};
		for (const _ of [1, 2]) assert.match(check(), /is current/);
		assert.equal(fs.readdirSync(path.join(dir, "node_modules/.cache/spear-codegen/generator")), ["generate.code", "generate.js"]);
		const header = path.join(dir, "codegen/emit/kit/header.ts");
		fs.writeFileSync(header, fs.readFileSync(header, "utf8").replace("Do not edit.", "Hands off."));
		assert.match(check(), /^\+.* Hands off\./m);
	});
});

test.run();
