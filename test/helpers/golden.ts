import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import { ROOT } from "./guest.ts";

/**
 * Compares `actual`, byte for byte, with the file at `path` under `test/golden/`. `npm test -- --update-golden WORD…` writes the
 * file instead.
 */
export function assertGolden(actual: string, path: string): void {
	const file = join(ROOT, "test/golden", path);
	if (process.env.SPEAR_UPDATE_GOLDEN === "1") {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, actual);
		return;
	}
	const expected = existsSync(file) ? readFileSync(file, "utf8") : "";
	assert.is(actual, expected, `test/golden/${path} differs; if the change is right, run \`npm test -- --update-golden\` and review it`);
}
