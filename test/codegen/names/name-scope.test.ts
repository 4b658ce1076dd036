import { test } from "uvu";
import * as assert from "uvu/assert";
import { noMemo } from "../../../codegen/cache/memo.ts";
import { emitters } from "../../../codegen/emit/all.ts";
import { Imports } from "../../../codegen/emit/kit/imports.ts";
import { NameScope } from "../../../codegen/model/names/name-scope.ts";
import { camelCase, kebabCase, pascalCase, snakeCase } from "../../../codegen/model/names/spelling.ts";
import { FIXED_FILES, moduleAlias, moduleName, typeName } from "../../../codegen/model/names/type-names.ts";
import { packageOf } from "../../helpers/annotated-wit.ts";
import { abiOf } from "../../helpers/codegen.ts";

test("a name that is taken gets as many `_` as it takes, and so does a word of the language", () => {
	const scope = new NameScope(["a"]);
	assert.equal(
		["a", "a", "b", "class"].map((name) => scope.take(name)),
		["a_", "a__", "b", "class_"],
	);
});

test("names within a scope hide none around it, whichever is taken first", () => {
	const file = new NameScope(["helper"]);
	const first = file.inner();
	const second = file.inner(["local"]);
	assert.equal(
		["helper", "value", "local"].map((name) => first.take(name)),
		["helper_", "value", "local"],
	);
	assert.equal(
		["value", "local"].map((name) => second.take(name)),
		["value", "local_"],
	);
	assert.equal(
		["value", "local"].map((name) => file.take(name)),
		["value_", "local__"],
	);
});

test("an import whose name the file has already is renamed, and stays so", () => {
	const imports = new Imports(["Readiness", "types"]);
	assert.is(imports.type("Readiness", "./runtime.ts"), "Readiness_");
	assert.is(imports.value("Readiness", "./runtime.ts"), "Readiness_");
	assert.is(imports.typeNamespace("types", "./types.ts"), "types_");
	assert.is(imports.toString(), 'import { Readiness as Readiness_ } from "./runtime.ts";\nimport type * as types_ from "./types.ts";\n');
});

test("case in WIT does not matter to the spelling", () => {
	assert.equal(["get-URL", "CONST", "max-URL-length", "utf-8", "x1Y"].map(camelCase), ["getUrl", "const", "maxUrlLength", "utf8", "x1y"]);
	assert.equal(["get-URL", "h264-1x"].map(pascalCase), ["GetUrl", "H2641x"]);
	assert.equal(["get-URL", "CONST"].map(snakeCase), ["get_url", "const"]);
	assert.is(kebabCase("JsonObject"), "json-object");
});

test("types, files and namespaces stay clear of what the language and the generated tree have already", () => {
	assert.equal(
		["uint8-array", "promise", "error"].map((name) => typeName({ name })),
		["Uint8Array_", "Promise_", "Error"],
	);
	assert.equal(["cchat", "config", "con", "URL-list"].map(moduleName), ["cchat", "config_", "con_", "url-list"]);
	assert.equal(["url-list", "unique"].map(moduleAlias), ["urlList", "unique_"]);
});

test("every file beside those of interfaces is among the fixed ones", async () => {
	const abi = abiOf(
		packageOf(
			"interface only {\n\tuse types.{error};\n\tf: func(a: media) -> result<media, error>;\n\trecord media {\n\t\tx: list<u8>,\n\t}\n}\n",
		),
	);
	const input = { abi, memo: noMemo, config: { enabledBackends: [], disabledBackends: [] }, witFiles: new Map(), witDir: "" };
	const files = (await Promise.all(emitters.map((emitter) => emitter.emit(input)))).flat();
	const names = new Set(
		files
			.map(({ path }) => path)
			// No interface has a page of HTML.
			.filter((path) => path.includes("/") && !path.startsWith("guest/") && !path.endsWith(".html"))
			.map((path) =>
				path
					.slice(path.lastIndexOf("/") + 1)
					.replace(/\..*$/, "")
					.toLowerCase(),
			),
	);
	assert.equal([...names].filter((name) => !FIXED_FILES.has(name)).sort(), ["only", "types"]);
});

test.run();
