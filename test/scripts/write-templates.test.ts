import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { currentTemplates, TEMPLATES_FILE } from "../../scripts/write-templates.ts";

test("the compiled templates are those of the emitters", () => {
	assert.ok(readFileSync(TEMPLATES_FILE, "utf8") === currentTemplates(), "run `npm run templates -- --write`");
});

test.run();
