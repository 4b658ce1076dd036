import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { assemble, scratch } from "../helpers/guest.ts";
import { plainComponent } from "../helpers/guest-components.ts";
import { createHost } from "../helpers/isolation.ts";

test("a cache directory that cannot be used is logged once with the setting, and components load without", async () => {
	const file = join(scratch(), "no-directory");
	await writeFile(file, "");
	const logged: string[] = [];
	const write = (_: unknown, message: string): void => void logged.push(message);
	const host = await createHost({
		config: { host: { cache_dir: join(file, "cache") }, guests: { "*": { engine: "jco" } }, backends: { stub: { kind: "stub" } } },
		env: {},
		logger: { trace: write, debug: write, info: write, warn: write, error: write },
	});
	for (const memory of [1, 2, 3]) {
		const agent = await host.load(await assemble(plainComponent("(call $answer)", `(memory (export "memory") ${memory})`)));
		assert.is(await agent.run(""), "ok");
	}
	assert.is(logged.length, 1);
	assert.match(logged[0] ?? "", `${join(file, "cache")}, so the engine jco transpiles each again`);
	assert.match(logged[0] ?? "", "[host] cache_dir");
	await host.close();
});

test.run();
