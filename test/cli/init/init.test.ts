import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { schemaLocation } from "../../../src/cli/init/schema-location.ts";
import { firstConfig } from "../../../src/cli/init/template.ts";
import { settingsFrom } from "../../helpers/config.ts";
import { ROOT, scratch } from "../../helpers/guest.ts";
import { spearHere } from "../../helpers/spear.ts";

const FOLDER = join(scratch(), "init");
mkdirSync(FOLDER);

/** The first configuration with every line to uncomment uncommented. */
const UNCOMMENTED = firstConfig("./s.json").replace(/^#(?=[[a-z])/gm, "");

test("init writes a file that the host accepts, with the embedded default", async () => {
	const folder = join(FOLDER, "new", "below");
	const { code, stdout } = await spearHere(["init", folder, "--json"]);
	assert.is(code, 0);
	const { path, schema } = JSON.parse(stdout);
	assert.is(path, join(folder, "spear.toml"));
	const text = readFileSync(path, "utf8");
	assert.is(text.split("\n")[0], `#:schema ${schema}`);
	assert.ok(settingsFrom(text).isEmbedded);
	assert.is((await spearHere(["check", "-c", path])).code, 0);
});

test("the settings in the comments are valid by the host and by the schema", () => {
	const settings = settingsFrom(UNCOMMENTED);
	assert.equal(
		settings.backends.map(({ name, keyNames }) => [name, keyNames]),
		[
			["main", ["MAIN_API_KEY"]],
			["claude", [resolve("/run/secrets/anthropic-key")]],
			["ollama", []],
		],
	);
	const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(ROOT, "src/config/spear.schema.json"), "utf8")));
	assert.ok(validate(parse(UNCOMMENTED)), JSON.stringify(validate.errors));
});

test("init never replaces a file, a link or a folder, and --force replaces a file", async () => {
	for (const [name, make] of [
		["file", (path: string) => writeFileSync(path, "mine")],
		["link", (path: string) => symlinkSync(join(FOLDER, "target-of-nothing"), path)],
		["folder", (path: string) => mkdirSync(path)],
	] as const) {
		const folder = join(FOLDER, `with-${name}`);
		mkdirSync(folder);
		make(join(folder, "spear.toml"));
		const { code, stderr } = await spearHere(["init", folder]);
		assert.is(code, 2, name);
		assert.match(stderr, "is there already, and stays as it is; --force replaces it");
	}
	assert.is(readFileSync(join(FOLDER, "with-file/spear.toml"), "utf8"), "mine");
	assert.not.ok(existsSync(join(FOLDER, "target-of-nothing")));
	assert.is((await spearHere(["init", join(FOLDER, "with-file"), "--force"])).code, 0);
	assert.match(readFileSync(join(FOLDER, "with-file/spear.toml"), "utf8"), "#:schema");
	assert.is((await spearHere(["init", join(FOLDER, "with-folder"), "--force"])).code, 2);
});

test("init reports a folder that cannot be made as JSON", async () => {
	writeFileSync(join(FOLDER, "plain"), "");
	const { code, stdout } = await spearHere(["init", join(FOLDER, "plain", "below"), "--json"]);
	assert.is(code, 2);
	assert.match(JSON.parse(stdout).error.message, "a part of the path is not a directory");
	assert.is((await spearHere(["init", ""])).code, 2);
});

test("the schema is that of the installed package where a folder above has one, else that of this package", () => {
	const project = join(FOLDER, "project");
	const schema = join(project, "node_modules/spear-hostcall/src/config");
	mkdirSync(join(project, "a b"), { recursive: true });
	assert.is(fileURLToPath(schemaLocation(project)), join(ROOT, "src/config/spear.schema.json"));
	mkdirSync(schema, { recursive: true });
	writeFileSync(join(schema, "spear.schema.json"), "{}");
	assert.is(schemaLocation(project), "./node_modules/spear-hostcall/src/config/spear.schema.json");
	assert.is(schemaLocation(join(project, "a b")), "../node_modules/spear-hostcall/src/config/spear.schema.json");
});

test.run();
