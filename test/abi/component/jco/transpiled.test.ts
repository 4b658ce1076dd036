import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fileRecord } from "../../../../src/abi/component/files/file-record.ts";
import { MANIFEST_FORMAT, type Transpiled } from "../../../../src/abi/component/jco/manifest.ts";
import { readTranspiled, writeTranspiled } from "../../../../src/abi/component/jco/transpiled.ts";
import { scratch } from "../../../helpers/guest.ts";

/** A prepared agent with a content of its own. */
function transpiledWith(content: string): Transpiled {
	const bytes = Buffer.from(content);
	const files = new Map([["agent.mjs", bytes]]);
	const manifest = {
		format: MANIFEST_FORMAT,
		component: fileRecord(bytes),
		files: { "agent.mjs": fileRecord(bytes) },
		imports: [],
		asyncImports: [],
		exports: ["run"],
		jco: "0.14.0",
	};
	return { manifest, files };
}

test("builds into one place at the same time leave the whole agent of one of them", async () => {
	const directory = join(scratch(), "together.spear");
	for (let round = 0; round < 10; round += 1) {
		await Promise.all(Array.from({ length: 8 }, (_, index) => writeTranspiled(directory, transpiledWith(`// ${round} ${index}`))));
		const { files } = await readTranspiled(directory);
		assert.match(Buffer.from(files.get("agent.mjs") ?? "").toString(), new RegExp(`^// ${round} \\d$`));
	}
	assert.equal(
		(await readdir(scratch())).filter((name) => name.startsWith("together")),
		["together.spear"],
	);
});

test.run();
