import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { scratch } from "../helpers/guest.ts";
import { unrulyGuest } from "../helpers/unruly-guest.ts";

type Counts = Readonly<Record<string, { readonly created: number; readonly left: number }>>;

const test = suite<{ counts: Counts }>("instance memory");

test.before(async (context) => {
	const child = fileURLToPath(new URL("../helpers/instance-memory-child.ts", import.meta.url));
	const { prepared } = await unrulyGuest();
	const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", child, prepared, scratch()]);
	context.counts = JSON.parse(stdout);
});

for (const end of ["60 runs", "closed instances that the embedder keeps", "runs that trap", "runs with one signal"]) {
	test(`nothing of a guest's instances is left after ${end}`, ({ counts }) => {
		assert.ok((counts[end]?.created ?? 0) > 0);
		assert.is(counts[end]?.left, 0);
	});
}

test.run();
