/** The guest of `examples/vendors`: a conversation that begins with one model and goes on with another. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildTestGuest, scratch } from "../helpers/guest.ts";
import { createHost } from "../helpers/isolation.ts";

const SOURCE = readFileSync(new URL("../../examples/vendors/two-vendors.ts", import.meta.url), "utf8");

const DROPPED = "  params.temperature was dropped: the stub's answers have no randomness";

test("the example two-vendors moves its conversation to the backend of the second model, and prints what each dropped", async () => {
	const { prepared } = await buildTestGuest(SOURCE);
	const host = await createHost({
		config: {
			host: { cache_dir: scratch(), log_level: "silent" },
			backends: { first: { kind: "stub", models: ["fast"] }, second: { kind: "stub", models: ["deep"] } },
		},
	});
	const served: (string | undefined)[] = [];
	const agent = await host.load(prepared);
	const output = await agent.run("What is a kite?", {
		onEvent: (event) => {
			if (event.type === "decision") served.push(event.explanation.chosen);
		},
	});
	const answers = ["stub-chat: stub: you said What is a kite?", DROPPED, "stub-chat: stub: you said Is that all?", DROPPED];
	assert.equal(output.split("\n"), answers);
	assert.equal(served, ["first", "second"]);
	await host.close();
});

test.run();
