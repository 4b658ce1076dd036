/** The guide of `codegen/README.md` is followed: its files are written, its commands run, on the sources and with the tools of this project. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { followGuide } from "../../../scripts/follow-guide.ts";
import { ROOT, scratch } from "../../helpers/guest.ts";

const test = suite("guide to a host and a guest");
const GUIDE = join(ROOT, "codegen/README.md");

/** A project with the tools that the guide installs, and this package. */
function project(): string {
	const folder = join(scratch(), "ledger");
	const put = (path: string, text: string, mode = 0o644): void => {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text, { mode });
	};
	const link = (path: string, target: string): void => {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		symlinkSync(join(ROOT, target), join(folder, path));
	};
	put("package.json", '{ "type": "module" }');
	put("node_modules/spear-hostcall/package.json", '{ "type": "module", "exports": { "./component": "./component.ts" } }');
	link("node_modules/spear-hostcall/component.ts", "src/component.ts");
	put("node_modules/.bin/spear-codegen", `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "codegen/spear-codegen.ts")}" "$@"\n`, 0o755);
	for (const tool of ["tsc", "esbuild", "componentize-qjs"]) link(`node_modules/.bin/${tool}`, `node_modules/.bin/${tool}`);
	for (const name of ["@types/node", "undici-types"]) link(`node_modules/${name}`, `node_modules/${name}`);
	return folder;
}

test("init, bindings, a host and a guest in strict TypeScript, a run with results, errors and a trap, and the checks of a change", () => {
	const folder = project();
	const outputs = followGuide(GUIDE, folder, /^npm i/);
	const guide = readFileSync(GUIDE, "utf8");
	const [, shown = "none"] = /^```text\n([\s\S]*?)^```$/m.exec(guide) ?? [];
	const [init = "", , run = ""] = outputs;
	assert.match(init, "wrote spear-codegen.json");
	assert.is(run.slice(-shown.length), shown);
	const paths = [...guide.matchAll(/`((?:generated|released|wit)\/[\w./-]*)`/g)].map(([, path = ""]) => path);
	assert.equal(
		paths.filter((path) => !existsSync(join(folder, path))),
		[],
	);
});

test("the guide installs the versions that this project is tested with", () => {
	const [, names = ""] = /^npm i -D (.*)$/m.exec(readFileSync(GUIDE, "utf8")) ?? [];
	const tested: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).devDependencies;
	for (const each of names.split(" ")) {
		const at = each.lastIndexOf("@");
		assert.is(tested[each.slice(0, at)], each.slice(at + 1), each);
	}
});

test.run();
