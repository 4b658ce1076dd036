import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunOutput } from "../../src/index.ts";
import { buildTestGuest, ROOT } from "../helpers/guest.ts";
import { createHost } from "../helpers/isolation.ts";

test("the example streams the text of the model, then the tokens, and returns the whole text", async () => {
	const folder = join(ROOT, "examples/streaming-agent");
	const { prepared } = await buildTestGuest(await readFile(join(folder, "streaming-agent.ts"), "utf8"));
	const host = await createHost({ config: join(folder, "spear.toml"), env: {} });
	try {
		const agent = await host.load(prepared);
		const run = agent.run("one two three");
		const received: RunOutput[] = [];
		for await (const output of run) received.push(output);
		const texts = received.flatMap((output) => (output.type === "text" ? [output.text] : []));
		assert.ok(texts.length > 1);
		assert.is(texts.join(""), await run);
		assert.match(await run, "one two three");
		const events = received.filter((output) => output.type === "event");
		assert.equal(
			events.map(({ name }) => name),
			["usage"],
		);
	} finally {
		await host.close();
	}
});

test.run();
