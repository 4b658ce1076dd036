import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readTar, readTarball } from "../../../src/model-store/archive/tarball.ts";
import { assertLinear } from "../../helpers/growth.ts";
import { removeFolder, scratchFolder } from "../made-up-models.ts";
import { type TarEntry, tar, tarball } from "./archives.ts";
import { received, refusal } from "./received.ts";

const test = suite<{ folder: string }>("tarball");
test.before.each((context) => {
	context.folder = scratchFolder();
});
test.after.each(removeFolder);

/** Returns the files that a tarball gave for `wanted`. Files of the test have 100 bytes at most. */
async function read(folder: string, bytes: Uint8Array, wanted: readonly string[], maxBytes?: number): Promise<Record<string, string>> {
	const path = join(folder, "p.tgz");
	writeFileSync(path, bytes);
	const files = received(wanted, 100);
	await readTarball(path, files.wanted, maxBytes);
	return files.contents;
}

const packed = (entries: readonly TarEntry[]): Buffer => gzipSync(tar(entries));

test("passes the wanted files on, and nothing else", async ({ folder }) => {
	const bytes = tarball({ "package.json": "{}", "dist/a.bin": "AAA", "dist/b.bin": "", "dist/c.bin": "C".repeat(3000) });
	assert.equal(await read(folder, bytes, ["dist/b.bin", "dist/a.bin"]), { "dist/a.bin": "AAA", "dist/b.bin": "" });
});

test("passes over links and paths that lead elsewhere, which are never made", async ({ folder }) => {
	const bytes = packed([
		{ path: "package/../../evil", content: "evil" },
		{ path: "/etc/evil", content: "evil" },
		{ path: "package/link", type: "2" },
		{ path: "package/a", content: "A" },
	]);
	assert.equal(await read(folder, bytes, ["a"]), { a: "A" });
});

const refused: [what: string, entries: readonly TarEntry[], message: string][] = [
	["a link in place of a wanted file", [{ path: "package/a", type: "2" }], "the package has no regular file a"],
	["a wanted file that is there twice", [{ path: "package/a" }, { path: "package/a" }], "the package has two files a"],
	["a wanted file that is absent", [{ path: "package/b" }], "the package has no file a"],
	[
		"a wanted file that is too large",
		[{ path: "package/a", content: "A".repeat(101) }],
		"the package has a larger a than the manifest says",
	],
	["an entry that is longer than the archive", [{ path: "package/b", bytes: 8000 }, { path: "package/a" }], "the package ends too early"],
];
for (const [what, entries, message] of refused)
	test(`refuses ${what}`, async ({ folder }) => assert.is(await refusal(read(folder, packed(entries), ["a"])), message));

test("refuses an archive that unpacks to more than the limit, before it has unpacked that", async ({ folder }) => {
	const bytes = packed([{ path: "package/zeros", content: "\0".repeat(1_000_000) }, { path: "package/a" }]);
	assert.is(await refusal(read(folder, bytes, ["a"], 100_000)), "the package unpacks to more than 100000 bytes");
});

test("refuses a tarball that is cut", async ({ folder }) => {
	const bytes = tarball({ a: "A" });
	assert.is(await refusal(read(folder, bytes.subarray(0, 40), ["a"])), "the package is no gzip file, or damaged");
});

test("refuses bytes that are no tarball", async ({ folder }) => {
	assert.is(await refusal(read(folder, Buffer.from("<html>"), ["a"])), "the package is no gzip file, or damaged");
	assert.is(await refusal(read(folder, gzipSync("x".repeat(512)), ["a"])), "the package is no tar archive, or damaged");
});

test("reads a tar archive in linear time", () =>
	assertLinear({
		name: "tar",
		make: (size) => tar(Array.from({ length: size / 64 }, (_, index) => ({ path: `package/${index}`, content: "x" }))),
		run: (archive: Buffer) => readTar(pieces(archive), received(["0"], 100).wanted, Number.POSITIVE_INFINITY),
	}));

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096);
}

test.run();
