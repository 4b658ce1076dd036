import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { watchConfig } from "../../src/host/config-watcher.ts";
import { watchFile } from "../../src/host/file-watcher.ts";
import { scratch } from "../helpers/guest.ts";

async function file(text: string): Promise<string> {
	const path = join(await mkdtemp(join(scratch(), "watched-")), "spear.toml");
	await writeFile(path, text);
	return path;
}

/** Watches a file whose changes only the test reports. */
function watched(path: string, text: string, log: string[] = []) {
	const reloads: string[] = [];
	const waiting: (() => void)[] = [];
	let changed = (): void => {};
	let fail = (_: unknown): void => {};
	const wake = (): void => {
		for (const each of waiting.splice(0)) each();
	};
	const write = (_: unknown, message: string): void => {
		log.push(message);
		wake();
	};
	const until = async (condition: () => boolean): Promise<void> => {
		while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve));
	};
	const stop = watchConfig({
		path,
		text,
		async reload(next) {
			reloads.push(next);
			wake();
		},
		logger: { trace: write, debug: write, info: write, warn: write, error: write },
		watch(_path, onChange, onFailure) {
			changed = onChange;
			fail = onFailure;
			return () => {};
		},
	});
	return {
		stop,
		change: () => changed(),
		fail: (cause: unknown) => fail(cause),
		/** Resolves with the texts of the first `count` reloads. */
		async reloads(count: number): Promise<string[]> {
			await until(() => reloads.length >= count);
			return reloads;
		},
		/** Resolves after `count` lines of log. */
		logged: (count: number): Promise<void> => until(() => log.length >= count),
	};
}

test("a change between the read of a file and the begin of the watch is found without a notification", async () => {
	const path = await file("b = 2\n");
	const { reloads } = watched(path, "a = 1\n");
	assert.equal(await reloads(1), ["b = 2\n"]);
});

test("the text that was compared is the text that is loaded, whatever the file holds then", async () => {
	const path = await file("a = 1\n");
	const { reloads, change } = watched(path, "a = 1\n");
	await writeFile(path, "b = 2\n");
	change();
	assert.equal(await reloads(1), ["b = 2\n"]);
	await writeFile(path, "");
	change();
	await writeFile(path, "c = 3\n");
	change();
	assert.equal(await reloads(2), ["b = 2\n", "c = 3\n"]);
});

test("a watched file that cannot be read is reported once, and reloaded when it can be read again", async () => {
	const path = await file("a = 1\n");
	const log: string[] = [];
	const { reloads, change, logged } = watched(path, "a = 1\n", log);
	await rm(path);
	// A directory cannot be read as a file by any user. Permissions would not stop a test that root runs.
	await mkdir(path);
	change();
	change();
	await logged(1);
	await rm(path, { recursive: true });
	await writeFile(path, Buffer.from([0xff, 0x0a]));
	change();
	await logged(2);
	await writeFile(path, "b = 2\n");
	change();
	assert.equal(await reloads(1), ["b = 2\n"]);
	assert.equal(log, [
		`${path}: it is a directory; the configuration before it stays in use`,
		`${path}:1:1: this is no UTF-8 text; save the file as UTF-8; the configuration before it stays in use`,
	]);
});

test("a missing notification service is logged", async () => {
	const log: string[] = [];
	const { fail } = watched(await file("a = 1\n"), "a = 1\n", log);
	fail(new Error("ENOSPC"));
	assert.match(log.join(), "cannot be watched by notifications");
});

test("a file that an editor replaces by a rename is a change", async () => {
	const path = await file("a = 1\n");
	const changed = Promise.withResolvers<void>();
	const alive = setInterval(() => {}, 1_000); // The watch does not keep the process alive.
	const stop = watchFile(path, changed.resolve, changed.reject);
	await writeFile(`${path}.new`, "b = 2\n");
	await rename(`${path}.new`, path);
	await changed.promise;
	stop();
	clearInterval(alive);
});

test("a watch that the system refuses reports the reason once for each file, and does not throw", async () => {
	const path = await file("a = 1\n");
	const refused = new Error("ENOSPC: System limit for number of file watchers reached");
	const failures: unknown[] = [];
	const stop = watchFile(
		path,
		() => {},
		(cause) => failures.push(cause),
		() => {
			throw refused;
		},
	);
	assert.equal(failures, [refused]);
	stop();
	await rm(dirname(path), { recursive: true });
	const missing: unknown[] = [];
	watchFile(
		path,
		() => {},
		(cause) => missing.push(cause),
	)();
	assert.is(missing.length, 1);
});

test("a file that appears after the begin of the watch is noticed, and so are the files of a directory", async () => {
	const directory = await mkdtemp(join(scratch(), "watched-"));
	const notice = async (path: string, act: () => Promise<unknown>): Promise<void> => {
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const stop = watchFile(path, resolve, reject);
		// A watch does not keep the process alive.
		const alive = setInterval(() => {}, 1_000);
		await act();
		await promise;
		clearInterval(alive);
		stop();
	};
	const path = join(directory, "late.toml");
	await notice(path, () => writeFile(path, "a = 1"));
	await notice(directory, () => writeFile(join(directory, "inner"), "1"));
});

test.run();
