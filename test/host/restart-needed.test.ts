import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Config, createHost } from "../../src/index.ts";
import { scratch } from "../helpers/guest.ts";
import { memoryLog } from "../helpers/memory-log.ts";

test("a change that needs a restart is logged once, and reported until it is undone", async () => {
	const { logger, at } = memoryLog();
	const withQuota = (quota_bytes: number): Config => ({ media: { quota_bytes }, backends: { stub: { kind: "stub" } } });
	const host = await createHost({ config: withQuota(1_000), logger });
	const reports: (readonly string[])[] = [];
	for (const quota of [2_000, 2_000, 2_000, 3_000, 1_000, 1_000]) reports.push((await host.reload(withQuota(quota))).needRestart);
	await host.close();
	assert.equal(reports, [["media"], ["media"], ["media"], ["media"], [], []]);
	assert.equal(
		at("warn").map(({ message }) => message),
		Array.from({ length: 2 }, () => "media: the change takes effect after a restart of the host"),
	);
});

test("an empty file makes a start with the embedded backend and a warning, and is refused at a reload", async () => {
	const { logger, at } = memoryLog();
	const path = join(scratch(), "empty.toml");
	await writeFile(path, " \n");
	const host = await createHost({ config: path, logger });
	assert.equal(
		at("warn").map(({ message }) => message),
		[`${path} is empty, so no backends are configured: stub answers every operation with made-up content`],
	);
	await writeFile(path, '[backends.mine]\nkind = "stub"\n');
	await host.reload();
	await writeFile(path, "");
	const refused: unknown = await host.reload().catch((thrown: unknown) => thrown);
	assert.match(String(refused), "the file is empty; a host that runs keeps its configuration");
	assert.equal(
		host.backends().map(({ name }) => name),
		["mine"],
	);
	await host.close();
});

test.run();
