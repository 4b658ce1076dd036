import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { declarationEntries, removeUnreachableDeclarations } from "../../scripts/packaging/declarations.ts";
import { scratch } from "../helpers/guest.ts";

test("declarations that entry points reach stay, in any form of import, and all others go", () => {
	const folder = join(scratch(), "dist");
	const sources: Readonly<Record<string, string>> = {
		"index.d.ts": 'export type { A } from "./a.ts";\nexport * from "./deep/b.js";\n',
		"a.d.ts": 'export type A = import("./c.ts").C;\n',
		"c.d.ts": '/// <reference path="./d.d.ts" />\nimport "./e.ts";\nexport type C = 1;\n',
		"d.d.ts": "",
		"e.d.ts": "",
		"deep/b.d.ts": 'import { A } from "../a.ts";\n',
		"unused.d.ts": 'export * from "./a.ts";\n',
	};
	mkdirSync(join(folder, "deep"), { recursive: true });
	for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
	writeFileSync(join(folder, "unused.js"), "");
	removeUnreachableDeclarations(folder, [join(folder, "index.d.ts")]);
	const left = [...Object.keys(sources), "unused.js"].filter((name) => existsSync(join(folder, name)));
	assert.equal(left, ["index.d.ts", "a.d.ts", "c.d.ts", "d.d.ts", "e.d.ts", "deep/b.d.ts", "unused.js"]);
});

test("the entry points of a package are the declarations in its exports", () => {
	const exports = {
		".": { types: "./dist/a.d.ts", default: "./dist/a.js" },
		"./b": { types: "./dist/b.d.ts" },
		"./package.json": "./package.json",
	};
	assert.equal(declarationEntries(exports), [join("dist", "a.d.ts"), join("dist", "b.d.ts")]);
});

test.run();
