import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../src/index.ts";
import { scratch } from "../helpers/guest.ts";

test("the listing of a backend has the treatments of its table in sentences", async () => {
	const host = await createHost({ config: { host: { cache_dir: scratch() }, backends: { local: { kind: "stub" } } }, env: {} });
	const [local] = host.backends();
	await host.close();
	assert.equal(local?.operations.text_to_speech?.downgrades, ["language is dropped: tones have no language"]);
	assert.equal(local?.operations.text_to_speech?.rejects, [
		"input.ssml is rejected: the stub reads plain text",
		"format other than wav and pcm is rejected: the stub generates wav and pcm",
		"instructions is rejected: the stub generates tones",
	]);
});

test.run();
