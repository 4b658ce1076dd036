import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { obtainModels } from "../../scripts/start/obtain-models.ts";
import { ModelStore } from "../../src/model-store/model-store.ts";
import { scratch } from "../helpers/guest.ts";

/** Returns the names of the models that are missing after an offline run, and what the run printed. */
async function offline(store: ModelStore): Promise<{ readonly missing: readonly string[]; readonly printed: string }> {
	const lines: string[] = [];
	const { log } = console;
	console.log = (line: unknown) => lines.push(String(line));
	try {
		const models = store.models().filter((model) => model.default);
		const missing = await obtainModels(store, models, "Speech and embeddings", true);
		return { missing: missing.map(({ name }) => name), printed: lines.join("\n") };
	} finally {
		console.log = log;
	}
}

test("an offline run lists the missing models with sizes and licences, and fetches nothing", async () => {
	const store = new ModelStore(join(scratch(), "none"));
	const { missing, printed } = await offline(store);
	assert.equal(missing, ["moonshine-tiny", "silero-vad", "flite", "sentence-encoder-en"]);
	assert.match(
		printed,
		/^Speech and embeddings need these models, which are not on this machine yet:\n {2}moonshine-tiny +22 MB .*; licence MIT\n/,
	);
	assert.match(printed, /\nNothing is fetched, because this run is offline/);
});

test("models that are there are told with their place, and a model with a file of another size is missing", async () => {
	const folder = join(scratch(), "whole");
	const store = new ModelStore(folder);
	for (const { name, files } of store.models()) {
		mkdirSync(join(folder, name), { recursive: true });
		for (const file of files) {
			writeFileSync(join(folder, name, file.name), "");
			truncateSync(join(folder, name, file.name), file.bytes);
		}
	}
	assert.equal(await offline(store), { missing: [], printed: `All models are in ${folder} (81 MB). Nothing is fetched.` });
	truncateSync(join(folder, "flite", "flite.wasm"), 1);
	assert.equal((await offline(store)).missing, ["flite"]);
});

test.run();
