/** Sources of the check of public packages, without a network: a directory of cargo with one crate. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { layOutPackage, ownTexts } from "../../scripts/foreign-packages/lay-out.ts";
import { FOREIGN_PACKAGES, type ForeignPackage } from "../../scripts/foreign-packages/packages.ts";
import { sourceFolder, Unavailable } from "../../scripts/foreign-packages/sources.ts";

const test = suite("sources of public packages");
const home = mkdtempSync(join(tmpdir(), "spear-cargo-"));
const { CARGO_HOME, PATH } = process.env;

test.before(() => {
	process.env.CARGO_HOME = home;
	// Without cargo.
	process.env.PATH = home;
});
test.after(() => {
	if (CARGO_HOME === undefined) delete process.env.CARGO_HOME;
	else process.env.CARGO_HOME = CARGO_HOME;
	process.env.PATH = PATH;
	rmSync(home, { recursive: true });
});

function write(path: string, text: string): void {
	mkdirSync(dirname(join(home, path)), { recursive: true });
	writeFileSync(join(home, path), text);
}

write("registry/cache/index/some-wit-1.2.3.crate", "archive");
write("registry/src/index/some-wit-1.2.3/wit/main.wit", "package some:wit;");
write("registry/src/index/some-wit-1.2.3/wit/README.md", "no WIT");
write("registry/src/index/some-wit-1.2.3/wit/deps/other/a.wit", "package other:a;");
write("registry/src/index/some-wit-1.2.3/wit/deps/file.wit", "package other:file;");
write("registry/src/index/some-wit-1.2.3/more/third/a.wit", "package third:a;");

function somePackage(parts: Partial<ForeignPackage> & { readonly sha256?: string; readonly crate?: string } = {}): ForeignPackage {
	const { sha256 = createHash("sha256").update("archive").digest("hex"), crate = "some-wit", ...rest } = parts;
	return { owner: "some", source: { crate, version: "1.2.3", sha256 }, main: "wit", ...rest };
}

async function failure(each: ForeignPackage): Promise<unknown> {
	try {
		return await sourceFolder(each);
	} catch (error) {
		return error;
	}
}

test("a crate that cargo keeps needs no download", async () => {
	assert.is(await sourceFolder(somePackage()), join(home, "registry/src/index/some-wit-1.2.3"));
});

test("a crate with another hash is refused, and one that cannot be had is told apart", async () => {
	const refusal = await failure(somePackage({ sha256: "00" }));
	assert.not.instance(refusal, Unavailable);
	assert.match(String(refusal), /some-wit-1\.2\.3 has the hash [0-9a-f]{64}, not 00/);
	const lack = await failure(somePackage({ crate: "missing" }));
	assert.instance(lack, Unavailable);
	assert.match(String(lack), "cargo is not installed");
});

test("a package is laid out with what it needs, and without itself", async () => {
	const source = await sourceFolder(somePackage());
	const laidOut = (name: string, parts: Partial<ForeignPackage>): string[] => {
		const target = join(home, name);
		layOutPackage(somePackage(parts), source, target);
		return readdirSync(target, { recursive: true, encoding: "utf8" })
			.filter((path) => path.includes("."))
			.sort();
	};
	assert.equal(laidOut("whole", {}), ["deps/file.wit", "deps/other/a.wit", "main.wit"]);
	assert.equal(laidOut("dependency", { main: "wit/deps/other", deps: ["wit/deps", "more"] }), [
		"a.wit",
		"deps/file.wit",
		"deps/third/a.wit",
	]);
	assert.equal(laidOut("file", { main: "wit/deps/file.wit", deps: [] }), ["file.wit"]);
	assert.equal(ownTexts(join(home, "whole")), ["package some:wit;"]);
});

test("the packages have twelve owners at least, and each crate is pinned", () => {
	assert.ok(new Set(FOREIGN_PACKAGES.map(({ owner }) => owner)).size >= 12);
	for (const { source } of FOREIGN_PACKAGES) if ("crate" in source) assert.match(source.sha256, /^[0-9a-f]{64}$/);
});

test.run();
