import { readdir, readFile, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DirectoryContents } from "../../../../src/media/shared/contents/directory-contents.ts";
import { freshDirectory } from "../../media-fixture.ts";
import { contentsConformance } from "./conformance.ts";

const A = "a".repeat(32);
const HOUR_S = 3_600;

async function files(root: string): Promise<string[]> {
	const entries = await readdir(root, { recursive: true, withFileTypes: true });
	return entries.filter((entry) => entry.isFile() && entry.name !== "clock").map(({ name }) => name);
}

contentsConformance(async () => {
	const root = freshDirectory();
	const hosts = [new DirectoryContents(root, 60_000), new DirectoryContents(root, 60_000)] as const;
	await hosts[0].prepare();
	return {
		hosts,
		count: async () => (await files(root)).length,
		shorten: (id) => truncate(join(root, "contents", id.slice(0, 2), id), 400),
		async [Symbol.asyncDispose]() {},
	};
});

test("files of dead writers and contents older than every object are removed, others stay", async () => {
	const root = freshDirectory();
	const contents = new DirectoryContents(root, HOUR_S * 1000);
	await contents.prepare();
	const put = async (id: string): Promise<void> => {
		const writer = contents.write(id);
		await writer.write(Buffer.from(id));
		await writer.finish(60_000);
	};
	const [old, kept, young] = ["a1", "a2", "b3"].map((start) => start.padEnd(32, "0"));
	for (const id of [old, kept, young]) await put(String(id));
	for (const name of ["dead", "alive"]) await writeFile(join(root, "writing", name), "x");
	const now = Date.now() / 1000;
	const age = (path: string, seconds: number): Promise<void> => utimes(join(root, path), now - seconds, now - seconds);
	await age(`contents/a1/${old}`, 26 * HOUR_S);
	await age(`contents/a2/${kept}`, 26 * HOUR_S);
	await age(`contents/b3/${young}`, 24 * HOUR_S);
	await age("writing/dead", 2 * HOUR_S);
	await contents.keep(String(kept));
	await contents.removeAbandoned();
	assert.equal((await files(root)).sort(), [String(kept), "alive", String(young)].sort());
});

test("a content appears at its place only when it is complete", async () => {
	const root = freshDirectory();
	const contents = new DirectoryContents(root, 60_000);
	await contents.prepare();
	const writer = contents.write(A);
	await writer.write(Buffer.from("half"));
	assert.equal(await readdir(join(root, "contents")), []);
	await writer.write(Buffer.from(" and half"));
	await writer.finish(60_000);
	assert.is(await readFile(join(root, "contents", "aa", A), "utf8"), "half and half");
	assert.equal(await readdir(join(root, "writing")), ["clock"]);
});

test.run();
