import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ENGINES_VARIABLE, importOptionalPackage, optionalPackage } from "../../src/packages/optional-package.ts";
import { scratch } from "../helpers/guest.ts";

const [before, directory] = [process.env[ENGINES_VARIABLE], process.cwd()];

test.after.each(() => {
	process.chdir(directory);
	if (before === undefined) delete process.env[ENGINES_VARIABLE];
	else process.env[ENGINES_VARIABLE] = before;
});

function folderOf(name: string): string {
	return mkdtempSync(join(scratch(), `${name}-`));
}

/** Installs the package `made-up-engine`, whose only export is its place, in a folder. Returns the path of its module. */
function install(folder: string, place: string): string {
	const home = join(folder, "node_modules", "made-up-engine");
	mkdirSync(home, { recursive: true });
	// The conditions of node-llama-cpp.
	const exports = { ".": { import: "./index.js", node: "./index.js", default: "./index.js" } };
	writeFileSync(join(home, "package.json"), JSON.stringify({ name: "made-up-engine", type: "module", exports }));
	writeFileSync(join(home, "index.js"), `export const place = ${JSON.stringify(place)};\n`);
	return join(home, "index.js");
}

test("a package that is nowhere has no path", () => {
	delete process.env[ENGINES_VARIABLE];
	assert.is(optionalPackage("made-up-engine"), undefined);
});

test("a package is found in the folder that SPEAR_ENGINES names, by a relative path too", async () => {
	const folder = folderOf("engines");
	const path = install(folder, "engines");
	process.env[ENGINES_VARIABLE] = folder;
	assert.is(optionalPackage("made-up-engine"), path);
	assert.equal({ ...Object(await importOptionalPackage("made-up-engine")) }, { place: "engines" });
	process.chdir(dirname(folder));
	process.env[ENGINES_VARIABLE] = basename(folder);
	assert.is(optionalPackage("made-up-engine"), path);
});

test("a package of the project in the working directory comes before that of SPEAR_ENGINES", () => {
	const [project, engines] = [folderOf("project"), folderOf("engines")];
	const path = install(project, "project");
	install(engines, "engines");
	process.env[ENGINES_VARIABLE] = engines;
	process.chdir(project);
	assert.is(optionalPackage("made-up-engine"), path);
});

test("a package beside this one comes first", () => {
	const engines = folderOf("engines");
	process.env[ENGINES_VARIABLE] = engines;
	const home = join(engines, "node_modules", "commander");
	mkdirSync(home, { recursive: true });
	writeFileSync(join(home, "index.js"), "");
	assert.is(optionalPackage("commander"), join(directory, "node_modules", "commander", "index.js"));
});

test.run();
