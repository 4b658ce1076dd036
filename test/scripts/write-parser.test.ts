import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { currentParser, PARSER_FILE } from "../../scripts/write-parser.ts";

test("the parser of WIT is that of the grammar", () => {
	assert.ok(readFileSync(PARSER_FILE, "utf8") === currentParser(), "run `npm run parser -- --write`");
});

test.run();
