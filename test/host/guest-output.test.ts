import { test } from "uvu";
import * as assert from "uvu/assert";
import type { HostEvent } from "../../src/index.ts";
import { assemble, scratch } from "../helpers/guest.ts";
import { writesLines } from "../helpers/guest-components.ts";
import { createHost } from "../helpers/isolation.ts";

test("lines of standard output beyond the log budget are dropped, and one log line says how many", async () => {
	const host = await createHost({
		config: { host: { cache_dir: scratch(), log_level: "silent" }, limits: { max_log_lines_per_s: 3 } },
		env: {},
	});
	const agent = await host.load(await assemble(writesLines(1_000)));
	const events: HostEvent[] = [];
	assert.is(await agent.run("", { onEvent: (event) => events.push(event) }), "ok");
	const output = events.filter(({ type }) => type === "output");
	assert.equal(
		output,
		Array.from({ length: 3 }, () => ({ type: "output", stream: "stdout", line: "ok" })),
	);
	const [report, ...more] = events.filter((event) => event.type === "log");
	assert.equal(more, []);
	assert.equal(report?.fields, [
		{ key: "dropped_lines", value: "997" },
		{ key: "dropped_bytes", value: "1994" },
	]);
	await host.close();
});

test.run();
