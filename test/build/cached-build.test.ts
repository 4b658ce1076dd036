import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { BuildCache } from "../../src/build/build-cache.ts";
import { cachedBuild, isGuestSource } from "../../src/build/cached-build.ts";

const test = suite<{ folder: string }>("cached builds");
test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), "spear-cached-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** Stands in for componentize-qjs: the component is the code. */
const importer =
	(built: string[]) =>
	(name: string): Promise<unknown> =>
		name === "componentize-qjs"
			? Promise.resolve({
					async componentize({ jsSource }: { readonly jsSource: string }) {
						built.push(jsSource);
						return { component: Buffer.from("\0asm\r\0\u0001\0", "latin1") };
					},
				})
			: import(name);

test("a component is built once for its content", async ({ folder }) => {
	const entry = join(folder, "guest.ts");
	const cache = new BuildCache(join(folder, "cache"));
	const built: string[] = [];
	const build = (world = "agent") => cachedBuild({ entry, world, cache, importer: importer(built) });
	writeFileSync(entry, 'export const run = () => "one";\n');
	const first = await build();
	writeFileSync(entry, 'export const run = () => "one";\n');
	assert.equal([...(await build()).component], [...first.component]);
	assert.is(built.length, 1);
	await build("chat-agent");
	writeFileSync(entry, 'export const run = () => "two";\n');
	await build();
	assert.is(built.length, 3);
	assert.is(statSync(join(folder, "cache")).mode & 0o777, 0o700);
});

test("a cache that cannot be written changes nothing but the time", async ({ folder }) => {
	const entry = join(folder, "guest.ts");
	writeFileSync(entry, 'export const run = () => "one";\n');
	writeFileSync(join(folder, "file"), "");
	const built: string[] = [];
	for (const cache of [new BuildCache(join(folder, "file", "cache")), new BuildCache(join(folder, "file"))])
		await cachedBuild({ entry, cache, importer: importer(built) });
	assert.is(built.length, 2);
});

test("a cache keeps the components that were used last, and removes nothing but components", async ({ folder }) => {
	const cache = new BuildCache(join(folder, "cache"));
	for (let index = 0; index < 70; index += 1) await cache.put(BuildCache.key([String(index)]), Uint8Array.of(index));
	assert.is(readdirSync(join(folder, "cache")).length, 64);
	assert.equal([...((await cache.get(BuildCache.key(["69"]))) ?? [])], [69]);
	writeFileSync(join(folder, "cache", "precious.wasm"), "");
	await cache.put(BuildCache.key(["70"]), Uint8Array.of(70));
	assert.is(readdirSync(join(folder, "cache")).length, 65);
	assert.ok(readdirSync(join(folder, "cache")).includes("precious.wasm"));
});

test("parts of a key are told apart", () => {
	assert.is.not(BuildCache.key(["ab", "c"]), BuildCache.key(["a", "bc"]));
	assert.is.not(BuildCache.key(["a", ""]), BuildCache.key(["a"]));
});

test("sources of guests are known by their names", () => {
	for (const path of ["a.ts", "a.mts", "a.js", "b/a.tsx"]) assert.ok(isGuestSource(path));
	for (const path of ["a.wasm", "a.spear", "ts", "a.d"]) assert.not(isGuestSource(path));
});

test.run();
