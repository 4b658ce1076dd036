import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { watchConfig } from "../../src/host/config-watcher.ts";
import type { Logger } from "../../src/telemetry/logger.ts";
import { scratch } from "../helpers/guest.ts";

test("a watched file that cannot be read is reported, and reloaded when it can be read again", async () => {
	const directory = join(scratch(), "watched");
	await mkdir(directory);
	const path = join(directory, "spear.toml");
	await writeFile(path, "a = 1");
	const reported = Promise.withResolvers<string>();
	const reloaded = Promise.withResolvers<void>();
	const ignore = (): void => {};
	const logger: Logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: (_, message) => reported.resolve(message) };
	// A watcher keeps no process alive.
	const alive = setInterval(ignore, 60_000);
	const stop = watchConfig({ path, text: "a = 1", reload: async () => reloaded.resolve(), logger });
	// A directory cannot be read as a file by any user. Permissions would not stop a test that root runs.
	await mkdir(join(directory, "other"));
	await rm(path);
	await rename(join(directory, "other"), path);
	assert.is(await reported.promise, `${path}: it is a directory; the configuration before it stays in use`);
	await rm(path, { recursive: true });
	await writeFile(path, "a = 2");
	await reloaded.promise;
	stop();
	clearInterval(alive);
});

test.run();
