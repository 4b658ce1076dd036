/** The examples that run models on this machine, over those models. Skipped without the models. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import { installedModel } from "../../scripts/testing/test-model.ts";
import { llamaCppKind } from "../../src/backends/kinds/llama-cpp/index.ts";
import { buildGuest } from "../../src/build/build-guest.ts";
import { createHost } from "../../src/index.ts";
import { isInstalled } from "../backends/protocols/local/real-models.ts";
import { buildTestGuest, scratch } from "../helpers/guest.ts";

const example = (path: string): URL => new URL(`../../examples/${path}`, import.meta.url);

const chatModel = await installedModel();
if (chatModel === undefined) console.log("SKIP parts-store: the model is not installed; `npm run fetch:test-model` installs it");
const local = (await Promise.all(["moonshine-tiny", "silero-vad", "flite", "sentence-encoder-en"].map(isInstalled))).every((here) => here);

(chatModel === undefined ? test.skip : test)(
	"a small language model calls the tool of parts-store, and fills in the form of the answer",
	async () => {
		const { prepared } = await buildTestGuest(readFileSync(example("parts-store/parts-store.ts"), "utf8"));
		const kind = llamaCppKind({ isInstalled: () => true, import: () => import(chatModel?.engine ?? "") });
		const host = await createHost({
			kinds: [{ ...kind, name: "small" }],
			config: {
				host: { cache_dir: scratch(), log_level: "silent" },
				backends: { small: { kind: "small", options: { model_path: chatModel?.weights ?? "", gpu: "none" } } },
			},
		});
		try {
			const requests: RequestEnvelope[] = [];
			const agent = await host.load(prepared);
			const run = (question: string): Promise<string> =>
				agent.run(question, { onEvent: (event) => event.type === "request" && requests.push(event.request) });
			assert.is(await run("Is M6-20 in stock?"), "Yes: 480 of M6-20 (hex bolt) are on shelf B2.");
			assert.is(await run("Is BRG-608 in stock?"), "No: BRG-608 (ball bearing) is out of stock. Its shelf is D1.");
			assert.is(requests.length, 4);
		} finally {
			await host.close();
		}
	},
);

(local ? test : test.skip)("voice-check hears what it speaks, whole and live, and finds the same meaning", async () => {
	const out = `${scratch()}/voice-check.wasm`;
	const { prepared } = await buildGuest({ entry: example("voice-check/voice-check.ts").pathname, out, world: "agent", engine: "quickjs" });
	const host = await createHost({
		config: { host: { cache_dir: scratch(), log_level: "silent" }, backends: { local: { kind: "local" } } },
	});
	try {
		const agent = await host.load(prepared);
		const output = await agent.run("");
		assert.match(output, /^word error of the transcript +0\.0\d$/m);
		assert.match(output, /^cosine of text and transcript +(?:1\.00|0\.9\d)$/m);
		assert.match(output, /^word error of the live transcript +0\.[01]\d, [1-9]\d* partial before it$/m);
	} finally {
		await host.close();
	}
});

test.run();
