import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { removeAbandoned } from "../../src/media/abandoned-directories.ts";
import { freshDirectory } from "./media-fixture.ts";

function abandonedIn(parent: string, name: string): string {
	const path = join(parent, `spear-media-${name}`);
	mkdirSync(path);
	writeFileSync(join(path, "lock"), JSON.stringify({ pid: 2 ** 30, machine: hostname() }));
	return path;
}

test("a directory that another host removes at the same time is no failure, and the remaining ones are removed", async () => {
	const parent = freshDirectory();
	const [first, second] = [abandonedIn(parent, "1"), abandonedIn(parent, "2")];
	const busy = new Error("ENOTEMPTY: directory not empty");
	const asked: string[] = [];
	await removeAbandoned(parent, async (path) => {
		asked.push(path);
		if (asked.length === 1) throw busy;
		rmSync(path, { recursive: true });
	});
	assert.equal(asked.sort(), [first, second]);
	assert.is([first, second].filter((path) => existsSync(path)).length, 1);
});

test("a directory without a lock, of another machine or of another kind stays", async () => {
	const parent = freshDirectory();
	const kept = ["spear-media-starting", "spear-media-foreign", "other"].map((name) => join(parent, name));
	for (const path of kept) mkdirSync(path);
	writeFileSync(join(parent, "spear-media-foreign", "lock"), JSON.stringify({ pid: 2 ** 30, machine: "another machine" }));
	const abandoned = abandonedIn(parent, "3");
	await removeAbandoned(parent);
	assert.not(existsSync(abandoned));
	assert.ok(kept.every((path) => existsSync(path)));
	await removeAbandoned(join(parent, "missing"));
});

test.run();
