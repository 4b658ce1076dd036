/** First calls of a guest in a host without a configuration, whose answers the embedded `stub` makes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../src/index.ts";
import { buildTestGuest } from "../helpers/guest.ts";
import { memoryLog } from "../helpers/memory-log.ts";

const built = await buildTestGuest(
	`
import { agent } from "spear-hostcall/guest";
import { bytesOf } from "spear-hostcall/guest/media";
import { SearchIndex } from "spear-hostcall/guest/search";
import { generate } from "spear-hostcall/guest/structured";
import { synthesize } from "spear:ai/tts@0.1.0";

const SENTENCES = [
	"A bolt holds two plates together.", "Steel bolts are kept in drawer seven.", "The cat sleeps on the warm roof.", "Invoices are paid within thirty days.",
	"A full moon lights the harbour.", "Our office opens at nine in the morning.", "Fresh bread is sold at the corner.", "The train to Bern leaves every hour.",
	"Rain is expected in the evening.", "Keep the receipt for two years.", "The library lends books for a month.", "A broken lamp can be returned.",
	"Parking is free on Sundays.", "The printer needs new paper.", "Tea is served in the garden.", "Water boils at a hundred degrees.",
	"The bridge was built in 1932.", "Goats climb where cows cannot.", "Every invoice carries a number.", "The museum is closed on Mondays.",
];

export const run = agent((input) => {
	if (input === "order") {
		const schema = { type: "object", properties: { part: { type: "string" }, count: { type: "integer", minimum: 1 } }, required: ["part", "count"] };
		return JSON.stringify(generate({ prompt: "Order bolts.", schema }).value);
	}
	if (input !== "speak") return new SearchIndex().add(SENTENCES).search(input, { topK: 1 })[0]?.item ?? "";
	const { audio, mimeType } = synthesize({ input: { tag: "text", val: "Good morning." } }, undefined);
	return mimeType + " " + String.fromCharCode(...bytesOf(audio).subarray(0, 4));
});
`,
	{ world: "agent" },
);

/** The embedded default of a machine without models. */
const STUB = { backends: { stub: { kind: "stub" } } };

test("a search over twenty sentences finds those that share words, speech needs no format, and a value of a schema needs no model", async () => {
	const host = await createHost({ config: STUB, logger: memoryLog().logger });
	const agent = await host.load(built.prepared);
	try {
		assert.is(await agent.run("Where are the steel bolts?"), "Steel bolts are kept in drawer seven.");
		assert.is(await agent.run("When does the train to Bern leave?"), "The train to Bern leaves every hour.");
		assert.is(await agent.run("Is the museum closed today?"), "The museum is closed on Mondays.");
		assert.is(await agent.run("speak"), "audio/wav RIFF");
		assert.is(await agent.run("order"), '{"part":"stub","count":1}');
	} finally {
		await host.close();
	}
});

test.run();
