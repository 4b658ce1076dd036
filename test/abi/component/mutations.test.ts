import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { corpus } from "../../helpers/fuzz/corpus.ts";
import { createFuzzer } from "../../helpers/fuzz/fuzz-case.ts";
import { generateLowering } from "../../helpers/generated-lowering.ts";
import { scratch } from "../../helpers/guest.ts";
import { HOSTILE_WIT } from "../../helpers/hostile-guest.ts";

/** Cases in CI. `npm run fuzz:components` runs more, in processes that may write to a scratch folder only. */
const CASES = 400;

test("mutated components and prepared agents are refused, or run within their limits", async () => {
	const folder = mkdtempSync(join(scratch(), "mutations-"));
	const fuzzer = createFuzzer({ seed: 12, folder, test: await generateLowering(HOSTILE_WIT), seeds: await corpus() });
	const rejections: unknown[] = [];
	const listen = (cause: unknown): void => void rejections.push(cause);
	process.on("unhandledRejection", listen);
	const ends = new Map<string, number>();
	for (let number = 0; number < CASES; number += 1) {
		const { subject, end, finding } = await fuzzer.run(number);
		assert.is(finding, undefined, `case ${number}, ${subject}`);
		const kind = end.split(":")[0] ?? "";
		ends.set(kind, (ends.get(kind) ?? 0) + 1);
	}
	process.off("unhandledRejection", listen);
	assert.equal(rejections, []);
	assert.equal(readdirSync(folder), ["case.spear"]);
	// Both happen often: mutations that break nothing would test nothing, and those that break all would test the parser only.
	assert.ok((ends.get("refused") ?? 0) > CASES / 4, JSON.stringify([...ends]));
	assert.ok((ends.get("ok") ?? 0) > CASES / 50, JSON.stringify([...ends]));
});

test.run();
