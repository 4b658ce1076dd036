import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseDirectory, readWheel } from "../../../src/model-store/archive/wheel.ts";
import { assertLinear } from "../../helpers/growth.ts";
import { removeFolder, scratchFolder } from "../made-up-models.ts";
import { type ZipEntry, zip } from "./archives.ts";
import { received, refusal } from "./received.ts";

const test = suite<{ folder: string }>("wheel");
test.before.each((context) => {
	context.folder = scratchFolder();
});
test.after.each(removeFolder);

/** Returns the files that a wheel gave for `wanted`. */
async function read(folder: string, bytes: Uint8Array, wanted: readonly string[], maxBytes = 1_000_000): Promise<Record<string, string>> {
	const path = join(folder, "p.whl");
	writeFileSync(path, bytes);
	const files = received(wanted, maxBytes);
	await readWheel(path, files.wanted);
	return files.contents;
}

const LARGE = Array.from({ length: 100_000 }, (_, index) => `line ${index * index}\n`).join("");

test("passes the wanted files on, packed and stored, beside others", async ({ folder }) => {
	const entries = [
		{ path: "../evil", content: "evil" },
		{ path: "m/weights", content: LARGE },
		{ path: "m/LICENSE", content: "free", stored: true },
	];
	assert.equal(await read(folder, zip(entries, "a comment"), ["m/LICENSE", "m/weights"], 10_000_000), {
		"m/LICENSE": "free",
		"m/weights": LARGE,
	});
});

const A: ZipEntry = { path: "a", content: "A" };
const refused: [what: string, bytes: Buffer, message: string][] = [
	["a wanted file that is absent", zip([{ path: "b", content: "" }]), "the package has no file a"],
	["a wanted file that is there twice", zip([A, A]), "the package has two files a"],
	["an encrypted file", zip([{ ...A, flags: 1 }]), "the package has a in a form that this reader does not know"],
	["a file that unpacks to more than it may", zip([{ path: "a", content: LARGE }]), "the package has a larger a than the manifest says"],
	["an archive that is cut", zip([A]).subarray(0, -10), "the package is no zip archive"],
	["an archive whose beginning is lost", zip([A]).subarray(4), "the package is damaged"],
	["bytes that are no archive", Buffer.from("<html>"), "the package is no zip archive"],
	["an empty file", Buffer.alloc(0), "the package is no zip archive"],
];
for (const [what, bytes, message] of refused)
	test(`refuses ${what}`, async ({ folder }) => assert.is(await refusal(read(folder, bytes, ["a"])), message));

test("refuses damaged content", async ({ folder }) => {
	const bytes = zip([{ path: "a", content: LARGE }]);
	bytes.fill(0xff, 40, 200);
	assert.is(await refusal(read(folder, bytes, ["a"], 10_000_000)), "the package is damaged");
});

test("reads a directory in linear time", () =>
	assertLinear({
		name: "directory of a zip archive",
		make: (size) => {
			const archive = zip(Array.from({ length: size / 64 }, (_, index) => ({ path: `f${index}`, content: "", stored: true })));
			const start = archive.readUInt32LE(archive.length - 6);
			return archive.subarray(start, archive.length - 22);
		},
		run: (directory: Buffer) => parseDirectory(directory),
	}));

test.run();
