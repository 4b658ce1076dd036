import { createHash } from "node:crypto";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ModelMissingError } from "../../src/model-store/model-errors.ts";
import { ModelStore } from "../../src/model-store/model-store.ts";
import { removeFolder, SMALL, SMALL_FILES, scratchFolder, writeModel } from "./made-up-models.ts";

const test = suite<{ folder: string }>("model store");
test.before.each((context) => {
	context.folder = scratchFolder();
});
test.after.each(removeFolder);

function sha256(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
	return promise.then(
		() => assert.unreachable("it must fail"),
		(thrown: unknown) => thrown,
	);
}

test("a model that was never pulled is missing, and the error names the command", async ({ folder }) => {
	const store = new ModelStore(folder, SMALL);
	assert.equal(await store.status("small"), { state: "missing", reason: "is not on this machine" });
	const thrown = await failure(store.filesOf("small"));
	assert.instance(thrown, ModelMissingError);
	if (!(thrown instanceof ModelMissingError)) return;
	assert.is(thrown.message, "the model small is not on this machine; run `spear models pull small`");
	assert.is(thrown.code, "backend_error");
	assert.is(thrown.processed, "no");
});

test("a whole model has a path for each file", async ({ folder }) => {
	writeModel(folder, "small", SMALL_FILES);
	const store = new ModelStore(folder, SMALL);
	assert.equal(await store.status("small"), { state: "whole" });
	assert.equal(await store.verify("small"), { state: "whole" });
	assert.equal(
		[...(await store.filesOf("small"))],
		[
			["weights.bin", join(folder, "small", "weights.bin")],
			["LICENSE", join(folder, "small", "LICENSE")],
		],
	);
});

test("a file that is cut makes the model broken", async ({ folder }) => {
	writeModel(folder, "small", { ...SMALL_FILES, "weights.bin": "01234" });
	const store = new ModelStore(folder, SMALL);
	const reason = "is broken: weights.bin has 5 bytes instead of 10";
	assert.equal(await store.status("small"), { state: "broken", reason });
	assert.match(String(await failure(store.filesOf("small"))), reason);
});

test("a file that is absent makes the model broken", async ({ folder }) => {
	writeModel(folder, "small", { LICENSE: "free" });
	assert.equal(await new ModelStore(folder, SMALL).status("small"), {
		state: "broken",
		reason: "is broken: weights.bin cannot be read: no such file",
	});
});

test("a device in the place of a file makes the model broken, and is not read", async ({ folder }) => {
	writeModel(folder, "small", SMALL_FILES);
	const path = join(folder, "small", "weights.bin");
	rmSync(path);
	symlinkSync("/dev/zero", path);
	const store = new ModelStore(folder, SMALL);
	const broken = { state: "broken", reason: "is broken: weights.bin is no file" };
	assert.equal(await store.status("small"), broken);
	assert.equal(await store.verify("small"), broken);
});

test("the digests of files are those of the manifest", ({ folder }) => {
	const checks = new ModelStore(folder, SMALL).checksOf("small");
	assert.equal(checks, [
		{ model: "small", path: join(folder, "small", "weights.bin"), sha256: sha256("0123456789") },
		{ model: "small", path: join(folder, "small", "LICENSE"), sha256: sha256("free") },
	]);
});

test("a flipped byte is found by the digests alone", async ({ folder }) => {
	writeModel(folder, "small", { ...SMALL_FILES, "weights.bin": "0123456788" });
	const store = new ModelStore(folder, SMALL);
	assert.equal(await store.status("small"), { state: "whole" });
	assert.equal(await store.verify("small"), { state: "broken", reason: "is broken: weights.bin has another content" });
});

test("a directory that is a file is told as broken", async ({ folder }) => {
	const file = join(folder, "file");
	writeFileSync(file, "");
	assert.equal(await new ModelStore(file, SMALL).status("small"), {
		state: "broken",
		reason: "cannot be read: a part of the path is not a directory",
	});
});

test("an unknown name is refused with the names that there are", async ({ folder }) => {
	assert.throws(() => new ModelStore(folder, SMALL).folderOf("../small"), "there is no model '../small'; there are small");
});

test("SPEAR_MODELS moves the directory, which is in the user's cache by default", ({ folder }) => {
	const { SPEAR_MODELS, XDG_CACHE_HOME } = process.env;
	try {
		process.env.XDG_CACHE_HOME = folder;
		delete process.env.SPEAR_MODELS;
		assert.is(new ModelStore().directory, join(folder, "spear-hostcall", "models"));
		process.env.SPEAR_MODELS = join(folder, "elsewhere");
		assert.is(new ModelStore().directory, join(folder, "elsewhere"));
		process.env.SPEAR_MODELS = " ";
		assert.is(new ModelStore().directory, join(folder, "spear-hostcall", "models"));
		for (const value of ["~/models", "$HOME/models"]) {
			process.env.SPEAR_MODELS = value;
			assert.throws(() => new ModelStore(), "SPEAR_MODELS holds '~' or a variable, which are not expanded; write the whole path");
		}
	} finally {
		for (const [name, value] of Object.entries({ SPEAR_MODELS, XDG_CACHE_HOME }))
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
	}
});

test.run();
