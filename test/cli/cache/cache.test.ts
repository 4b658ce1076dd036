import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { spear } from "../../helpers/spear.ts";

const test = suite<{ folder: string }>("spear cache");
test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), "spear-cache-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const KEY = "a".repeat(64);

test("`where` tells what the cache holds, and `clean` removes that and nothing else", async ({ folder }) => {
	const env = { XDG_CACHE_HOME: folder };
	const cache = join(folder, "spear-hostcall");
	for (const name of ["builds", "models", `components/${KEY}`]) mkdirSync(join(cache, name), { recursive: true });
	writeFileSync(join(cache, `builds/${KEY}.wasm`), "12345");
	writeFileSync(join(cache, "builds/notes.txt"), "mine");
	writeFileSync(join(cache, "models/model.bin"), "large");
	writeFileSync(join(cache, `components/${KEY}/a.wasm`), "123");
	writeFileSync(join(folder, "precious"), "");
	symlinkSync(folder, join(cache, `components/${"b".repeat(64)}`));

	const where = JSON.parse((await spear(["cache", "where", "--json"], { env })).stdout);
	assert.equal([where.directory, where.removed], [cache, false]);
	const use = where.parts.map(({ name, entries, bytes }: Record<string, unknown>) => [name, entries, bytes]);
	assert.equal(use, [
		["builds", 1, 5],
		["components", 2, 3],
	]);
	const { code, stdout } = await spear(["cache", "clean"], { env });
	assert.is(code, 0);
	assert.ok(stdout.startsWith(`${cache}\n  builds      removed 1`), stdout);
	assert.equal(readdirSync(join(cache, "builds")), ["notes.txt"]);
	assert.equal(readdirSync(join(cache, "components")), []);
	assert.ok(existsSync(join(cache, "models/model.bin")) && existsSync(join(folder, "precious")));
});

test("an absent cache is empty, and a user without a home has none", async ({ folder }) => {
	const { code, stdout } = await spear(["cache", "where", "--json"], { env: { XDG_CACHE_HOME: folder } });
	assert.is(code, 0);
	assert.equal(
		JSON.parse(stdout).parts.map(({ entries }: { entries: number }) => entries),
		[0, 0],
	);
	const none = await spear(["cache", "clean"], { env: { XDG_CACHE_HOME: "", HOME: "" } });
	assert.is(none.code, 2);
	assert.match(none.stderr, "set XDG_CACHE_HOME to a directory");
});

test.run();
