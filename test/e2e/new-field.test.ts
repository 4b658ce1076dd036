/** A new field of a request does not compile until every kind of backend has said what it does with the field. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runCli } from "../../codegen/cli.ts";
import { inScratch } from "../codegen/write/scratch.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Adds a field to the parameters of a chat in a copy of the project, and generates its code. */
async function withNewField(body: (dir: string) => void): Promise<void> {
	await inScratch(async (dir) => {
		for (const name of ["wit", "codegen/codegen.config.json", "generated", "src", "tsconfig.json", "package.json"]) {
			fs.cpSync(path.join(ROOT, name), path.join(dir, name), { recursive: true });
		}
		fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(dir, "node_modules"));
		const file = path.join(dir, "wit/cchat.wit");
		const before = fs.readFileSync(file, "utf8");
		const after = before.replace(
			"    record params {",
			"    record params {\n        /// Number of tokens considered.\n        top-k: option<u32>,",
		);
		assert.is.not(after, before);
		fs.writeFileSync(file, after);
		const places = { "--wit": "wit", "--out": "generated", "--config": "codegen/codegen.config.json" };
		const options = Object.entries(places).flatMap(([option, place]) => [option, path.join(dir, place)]);
		let printed = "";
		const print = (text: string): void => {
			printed += text;
		};
		const context = { stdout: print, stderr: print, color: false, overrides: { relativeTo: dir } };
		assert.is(await runCli([...options, "--accept-breaking"], context), 0, printed);
		body(dir);
	});
}

/** Sources of the kinds and protocols that hold a text. */
function sourcesWith(dir: string, text: string): string[] {
	return ["kinds", "protocols"]
		.flatMap((folder) => {
			const root = path.join(dir, "src/backends", folder);
			return fs
				.readdirSync(root, { recursive: true, encoding: "utf8" })
				.map((file) => `src/backends/${folder}/${file.replaceAll("\\", "/")}`);
		})
		.filter((file) => file.endsWith(".ts") && fs.readFileSync(path.join(dir, file), "utf8").includes(text))
		.sort();
}

test("a field that is added to the ABI breaks the build in the table of every kind, by its name", () =>
	withNewField((dir) => {
		const tsc = path.join(ROOT, "node_modules/.bin/tsc");
		const flags = ["--pretty", "false", "--singleThreaded"];
		const { stdout } = spawnSync(tsc, ["-p", "tsconfig.json", ...flags], { cwd: dir, encoding: "utf8" });
		const errors = stdout.split(/^(?=\S+\(\d+,\d+\): error )/m).filter((text) => text.includes('"params.top_k"'));
		const files = [...new Set(errors.map((text) => text.slice(0, text.indexOf("("))))].sort();
		assert.equal(files, sourcesWith(dir, 'FieldRules<"chat_completions"> '));
		assert.ok(files.length > 1);
		for (const text of errors) assert.match(text, /Property '"params\.top_k"' is (?:missing|optional) in type/, text);
	}));

test("no kind of this package takes its table from a function that lets every field pass", () => {
	assert.equal(sourcesWith(ROOT, "allPass"), []);
});

test.run();
