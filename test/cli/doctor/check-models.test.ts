import { mkdir } from "node:fs/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkModels } from "../../../src/cli/doctor/check-models.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { ModelStore } from "../../../src/model-store/model-store.ts";
import { modelOf, removeFolder, SMALL_FILES, scratchFolder, writeModel } from "../../model-store/made-up-models.ts";

const test = suite<{ folder: string }>("spear doctor, models");
test.before.each((context) => {
	context.folder = scratchFolder();
});
test.after.each(removeFolder);

const quick = { verify: false, signal: new AbortController().signal };
const thorough = { ...quick, verify: true };

/** Returns the store of a folder with one model of the default set, and one of none. */
function store(folder: string): () => ModelStore {
	return () => new ModelStore(folder, { models: [modelOf("small", SMALL_FILES, { default: true }), modelOf("other", SMALL_FILES)] });
}

test("a missing model is a warning in the default set, and none otherwise", async ({ folder }) => {
	assert.equal(await checkModels(quick, store(folder)), [
		{
			area: "model",
			name: "small",
			status: "warning",
			message: "is not on this machine (embeddings)",
			remedy: "spear models pull small",
		},
		{ area: "model", name: "other", status: "ok", message: "is not on this machine (embeddings)", remedy: "spear models pull other" },
	]);
});

test("a model with files of another size is a problem, and one of another content if files are verified", async ({ folder }) => {
	writeModel(folder, "small", { ...SMALL_FILES, LICENSE: "cut" });
	writeModel(folder, "other", { ...SMALL_FILES, "weights.bin": "0123456780" });
	const found = async (options: typeof quick) =>
		(await checkModels(options, store(folder))).map(({ status, message }) => [status, message]);
	const cut = ["problem", "is broken: LICENSE has 3 bytes instead of 4 (embeddings)"];
	assert.equal(await found(quick), [cut, ["ok", "present (embeddings)"]]);
	const [first, second] = await found(thorough);
	assert.match(first?.[1] ?? "", "is broken");
	assert.equal(second, ["problem", "is broken: weights.bin has another content (embeddings)"]);
});

test("a whole model is verified", async ({ folder }) => {
	writeModel(folder, "small", SMALL_FILES);
	const [check] = await checkModels(thorough, store(folder));
	assert.equal(check, { area: "model", name: "small", status: "ok", message: "verified (embeddings)" });
});

test("a file in place of a folder is a problem", async ({ folder }) => {
	await mkdir(`${folder}/small/LICENSE`, { recursive: true });
	const [check] = await checkModels(thorough, store(folder));
	assert.equal([check?.status, check?.remedy], ["problem", "spear models pull small"]);
});

test("a user without a place for models has one problem", async () => {
	const checks = await checkModels(quick, () => {
		throw new SpearError("invalid_request", "this user has no home for models; set SPEAR_MODELS to a directory");
	});
	assert.equal(checks, [
		{
			area: "model",
			name: "store",
			status: "problem",
			message: "this user has no home for models",
			remedy: "set SPEAR_MODELS to a directory",
		},
	]);
});

test.run();
