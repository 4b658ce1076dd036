/** WIT whose names are hard on generated code: each package gives a tree that compiles under strict `tsc`, or a diagnostic at its place. */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { emitters as allEmitters } from "../../../codegen/emit/all.ts";
import { createIrEmitter } from "../../../codegen/emit/ir/index.ts";
import { readExtraSchemas } from "../../../codegen/emit/kit/schema/extra-schemas.ts";
import { createSchemaEmitter } from "../../../codegen/emit/schema/index.ts";
import { createValidatorsEmitter } from "../../../codegen/emit/validators/index.ts";
import { runCodegen } from "../../../codegen/pipeline.ts";
import type { CodegenResult } from "../../../codegen/run.ts";
import { annotated, familyOf, packageOf } from "../../helpers/annotated-wit.ts";
import { testInFull } from "../../helpers/full-run.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Interfaces whose names mean something in generated code: files beside theirs, variables, helpers, words of the languages, devices. */
const HARD_INTERFACES = [
	...["config", "envelope", "operations", "json", "runtime", "imports", "validator", "families", "exports", "index", "backend", "readme"],
	...["wit", "ir", "sites", "host", "context", "handles", "refuse", "implementations", "scope", "implement", "bind-imports", "poll-all"],
	...["value", "path", "result-of", "item", "at", "map-list", "payloads", "none", "class", "default", "new", "unique", "keyof", "number"],
	...["symbol", "object", "math", "array", "promise", "record-of", "con", "aux", "wasi", "feature", "operation", "convert", "do-it"],
	...["value-to-ir", "lift", "lower", "store", "alloc", "wit-types", "tag", "slot", "core", "pending", "URL-list", "CONST"],
];

const hardInterface = (name: string, index: number): string =>
	familyOf(`%${name}`, {
		operation: `do_${index}`,
		types: `
	resource thing {
		look: func(a: data) -> result<data, error>;
	}
	record data {
		x: list<u8>,
		k: kind,
	}
	enum kind {
		one-two,
	}`,
		functions: `
	other: func(%${name}: data, k: list<kind>) -> result<thing, error>;`,
	}).replace("prompt: string", "prompt: data");

/** Uses the types of all hard interfaces, under parameters of their names. */
const user = (name: string): string => `
interface of-${name} {
	use %${name}.{data, thing, kind};
	use types.{error};
	record w {
		a: data,
		k: kind,
	}
	f: func(%${name}: data, k: kind, w: w, e-value: kind, at-path: list<data>) -> result<list<data>, error>;
	g: func(r: borrow<thing>, host-of: data, by-context: option<data>) -> result<thing, error>;
}
`;

/** Types, members and parameters of names that the language, its library or generated code has too. */
const HARD_NAMES = [
	...["array", "async-iterable", "disposable", "error-of", "exclude", "float32-array", "map", "object", "partial", "promise", "readonly"],
	...["set", "symbol", "uint8-array", "json-value", "json-object", "readiness", "binding-error", "handle", "answer", "class", "default"],
	...["new", "delete", "arguments", "eval", "await", "undefined", "this", "to-string", "value-of", "has-own-property", "is-prototype-of"],
	...["value", "path", "each", "item", "host", "context", "sites", "at", "optional", "as-u32", "is", "only-checks", "mp3file", "h264-1x"],
	...["type-a", "import", "export", "yield", "get", "set-it", "name", "length", "proto", "release", "payload", "event", "CONST", "max-URL"],
];

const hardNames = `
interface types-of-all {
	use types.{error};
	${HARD_NAMES.map((name, index) => definition(name, index)).join("\n\t")}
	${HARD_NAMES.map((name) => `f-${name}: func(%${name}: list<%${name}>, o: option<%${name}>) -> result<%${name}, error>;`).join("\n\t")}
}
interface functions-of-all {
	use types.{error};
	record rec {
		x: list<u8>,
	}
	${HARD_NAMES.map((name) => `/// @blocking\n\t%${name}: func(%${name}: rec) -> result<list<rec>, error>;`).join("\n\t")}
}
interface methods-of-all {
	use types.{error};
	resource all {
		${HARD_NAMES.map((name) => `%${name}: func(%${name}: string) -> result<list<u8>, error>;`).join("\n\t\t")}
	}
}
interface resources-of-all {
	use types.{error};
	${HARD_NAMES.map((name) => `resource %${name} {\n\t\tmake: static func(%${name}: list<borrow<%${name}>>) -> result<option<%${name}>, error>;\n\t\t/// @blocking\n\t\tuse-it: func(self-of: borrow<%${name}>) -> result<%${name}, error>;\n\t}`).join("\n\t")}
}
`;

function definition(name: string, index: number): string {
	const member = index % 3 === 2 ? `%${name},` : index % 3 === 0 ? `%${name}: u32,\n\t\tb: list<u8>,` : `%${name}(list<f32>),\n\t\tz,`;
	return `${["record", "variant", "enum"][index % 3]} %${name} {\n\t\t${member}\n\t}`;
}

interface Sound {
	readonly wit: string;
	/** More types for the interface `types`. */
	readonly inTypes?: string;
	/** Checks what the generated modules do. */
	readonly check?: (load: (path: string) => Promise<Exports>) => Promise<void>;
}

interface Exports {
	readonly [name: string]: unknown;
}

const other = (type: string): string => `other: func(value: ${type}) -> result<${type}, error>;`;
const record = (name: string): string => `record ${name} {\n\t\tmine: string,\n\t}`;

const SOUND: { readonly [name: string]: Sound } = {
	"a record `payload` beside the payload": {
		wit: familyOf("fam", { types: record("payload"), functions: other("payload") }),
		async check(load) {
			const validators = await load("schema/validate/fam.js");
			assert.is(valid(validators.payload, { prompt: "p" }), true);
			assert.is(valid(validators.payload, { mine: "m" }), false);
			assert.is(valid(validators.payload_, { mine: "m" }), true);
			const { payloads } = await load("schema/validate/operations.js");
			assert.is(valid(Object(payloads).do_it, { prompt: "p" }), true);
		},
	},
	"records `result` and `event` beside the result": {
		wit: familyOf("fam", {
			types: `${record("%result")}\n\t${record("event")}`,
			functions: `${other("%result")}\n\tlast: func(e: event) -> result<_, error>;`,
		}),
		async check(load) {
			const { result, result_, event } = await load("schema/validate/fam.js");
			assert.is(valid(result, { text: "t" }), true);
			assert.is(valid(result_, { mine: "m" }), true);
			assert.is(valid(event, { mine: "m" }), true);
		},
	},
	"payload and result of one record": {
		wit: familyOf("fam", { functions: "" })
			.replace(/\/\/\/ @result\s+record response \{[^}]*\}/, "")
			.replace("/// @payload", "/// @payload\n\t/// @result")
			.replace("result<response", "result<request"),
		async check(load) {
			const { results } = await load("schema/validate/operations.js");
			assert.is(valid(Object(results).do_it, { prompt: "p" }), true);
		},
	},
	"a record named as its interface": { wit: familyOf("zz", { types: record("zz"), functions: other("zz") }) },
	"a record named as the error that a guest catches": { wit: familyOf("fam"), inTypes: record("hostcall-error") },
	"resources whose names with an ending are those of others": {
		wit: `interface col {\n\tuse types.{error};\n${["col", "a", "a-statics", "a-handle", "col-resource", "readiness", "binding-error"].map((name) => `\tresource ${name} {\n\t\tmake: static func() -> result<${name}, error>;\n\t}\n`).join("")}}\n`,
	},
	"types whose names run together": {
		wit: `${familyOf("a", { types: "use a-b.{c};\n\trecord b-c {\n\t\t/// @feature x_y\n\t\tx: bool,\n\t}" }).replace("prompt: string", "p: b-c,\n\t\tq: c")}interface a-b {\n\trecord c {\n\t\t/// @feature x_z\n\t\tx: bool,\n\t}\n}\n`,
		async check(load) {
			const { demandedFeatures } = await load("ir/operations.ts");
			assert.equal([...Object(demandedFeatures).do_it({ p: { x: false }, q: { x: true } })], ["x_z"]);
		},
	},
	"names with digits": {
		wit: familyOf("a1-b2", {
			types: "record mp3file {\n\t\tx1y: u32,\n\t}\n\trecord h264-1x {\n\t\tutf-8: string,\n\t}",
			functions: "f2x: func(a1b: mp3file, b: h264-1x) -> result<mp3file, error>;",
		}),
	},
	"cases named `constructor`": {
		wit: familyOf("fam", {
			types: "variant v {\n\t\t%constructor,\n\t\tother(u32),\n\t}\n\tenum e {\n\t\t%constructor,\n\t\tto-string,\n\t}",
		}).replace("prompt: string", "v: v,\n\t\te: e"),
		async check(load) {
			const { payload } = await load("schema/validate/fam.js");
			assert.is(valid(payload, { v: { type: "constructor" }, e: "constructor" }), true);
			assert.is(valid(payload, { v: { type: "other", other: 1 }, e: "to_string" }), true);
			assert.is(valid(payload, { v: { type: "other" }, e: "to_string" }), false);
			assert.is(valid(payload, { v: { type: "to_string" }, e: "constructor" }), false);
		},
	},
	"operations of hard names": {
		wit: ["default", "backend", "operations", "constructor", "class"]
			.map((operation, index) => familyOf(`o${index}`, { operation }))
			.join(""),
	},
	"an enum of more cases than ajv checks inline": {
		wit: familyOf("fam", { types: `enum many {\n${Array.from({ length: 300 }, (_, index) => `\t\tc${index},\n`).join("")}\t}` }).replace(
			"prompt: string",
			"m: many",
		),
	},
	"options within options": {
		wit: familyOf("fam", {
			types:
				"type maybe = option<string>;\n\trecord deep {\n\t\ta: option<maybe>,\n\t\tb: list<option<maybe>>,\n\t\tc: option<option<option<u32>>>,\n\t}",
			functions:
				"nest: func(a: option<option<string>>) -> result<option<option<string>>, error>;\n\tkeep: func(d: deep) -> result<deep, error>;\n\ttriple: func(a: option<option<option<u8>>>) -> result<option<option<option<u8>>>, error>;",
		}).replace("prompt: string", "deep: deep"),
		check: checkNestedOptions,
	},
	"no operation": { wit: `interface plain {\n\tuse types.{error};\n\t${record("rec")}\n\t${other("rec")}\n}\n` },
	"no function": { wit: "" },
	"functions that cannot fail": { wit: "interface log {\n\tlog: func(text: string);\n}\n" },
	"interfaces whose names mean something in generated code": {
		wit: HARD_INTERFACES.map(hardInterface).join("") + HARD_INTERFACES.map(user).join(""),
	},
	"types, members and parameters whose names mean something in generated code": { wit: hardNames },
};

/** `[code, message, text at the place]` of each diagnostic. */
type Finding = readonly [code: string, message: string, at: string];

const UNSOUND: { readonly [name: string]: { readonly files: { readonly [path: string]: string }; readonly found: readonly Finding[] } } = {
	"a type of a dependency in a function": {
		files: {
			"a.wit": packageOf(
				"interface plain {\n\tuse types.{error};\n\tuse o:dep/things@1.0.0.{thing, res};\n\tf: func(t: list<thing>) -> result<_, error>;\n\tg: func() -> result<res, error>;\n}\n",
			),
			"deps/o/d.wit": "package o:dep@1.0.0;\ninterface things {\n\trecord thing { x: u32 }\n\tresource res {}\n}\n",
		},
		found: [
			["unsupported-type", "function `plain.f` uses record `thing` of `o:dep/things@1.0.0`", "thing"],
			["unsupported-type", "function `plain.g` uses resource `res` of `o:dep/things@1.0.0`", "res"],
		],
	},
	"a type of a world in its export": {
		files: { "a.wit": packageOf("world w {\n\trecord r {\n\t\tx: u32,\n\t}\n\texport run: func(v: r);\n}\n") },
		found: [["unsupported-type", "function `w.run` uses record `r` of world `w`", "r"]],
	},
	"a type that a schema refers to is renamed": {
		files: { "a.wit": packageOf(familyOf("fam")).replace("record routing", "record routes") },
		found: [["missing-type", "interface `types` declares no type `routing`", "types"]],
	},
	"a type that a template refers to is renamed": {
		files: { "a.wit": packageOf(familyOf("fam")).replace("variant media-ref", "variant media") },
		found: [["missing-type", "interface `types` declares no type `media-ref`", "types"]],
	},
	"a list of fixed length": {
		files: { "a.wit": packageOf("interface i {\n\tuse types.{error};\n\tf: func(a: list<u32, 4>) -> result<_, error>;\n}\n") },
		found: [["unsupported-type", "a list of fixed length cannot cross to a component: the lowering does not support it", "list<u32, 4>"]],
	},
	"a field and a flag that every object has": {
		files: { "a.wit": packageOf("interface i {\n\trecord r {\n\t\t%constructor: u32,\n\t}\n\tflags f {\n\t\t%constructor,\n\t}\n}\n") },
		found: [
			["reserved-name", "field `i.r.constructor` has a name that every JavaScript object has already", "%constructor"],
			["reserved-name", "flag `i.f.constructor` has a name that every JavaScript object has already", "%constructor"],
		],
	},
	"a package of nothing": {
		files: { "a.wit": annotated("package a:b@0.1.0;\n") },
		found: [
			["missing-type", "the package has no interface `types` with the type `error`", ""],
			["missing-type", "the package has no interface `types` with the type `media-ref`", ""],
			[
				"missing-type",
				"the package has no interface `types` with the types `routing`, `requirements`, `policy`, `degradation`, `json-object`, `error`, `json`, `attempt`",
				"",
			],
		],
	},
};

const scratch = await mkdtemp(join(tmpdir(), "generated-names-"));
const results = new Map<string, CodegenResult>();

test.before(async () => {
	await symlink(join(root, "node_modules"), join(scratch, "node_modules"));
	await write("package.json", '{ "type": "module" }');
	await write("config.json", "{}");
	// The schema of the configuration has nothing to do with the WIT, and is the longest to compile.
	const readExtra = async () => (await readExtraSchemas()).filter(({ name }) => name === "envelope");
	const replaced = [createIrEmitter(readExtra), createSchemaEmitter(readExtra), createValidatorsEmitter(readExtra)];
	const emitters = allEmitters
		.filter(({ name }) => name !== "registry")
		.map((emitter) => replaced.find(({ name }) => name === emitter.name) ?? emitter);
	const inputs = [
		...Object.entries(SOUND).map(([name, { wit, inTypes }], index) => ({
			name,
			files: { "a.wit": packageOf(wit, { name: `case-${index}`, ...(inTypes === undefined ? {} : { inTypes }) }) },
		})),
		...Object.entries(UNSOUND).map(([name, { files }]) => ({ name, files })),
	];
	for (const { name, files } of inputs) {
		for (const [path, text] of Object.entries(files)) await write(join("wit", name, path), text);
		const options = { witDir: join(scratch, "wit", name), outDir: join(scratch, "out", name), configFile: join(scratch, "config.json") };
		results.set(name, await runCodegen({ ...options, mode: "write", emitters, relativeTo: options.witDir }));
	}
});

test.after(() => rm(scratch, { recursive: true }));

for (const name of Object.keys(SOUND)) {
	test(`${name}: code is generated`, () => {
		const { diagnostics, files } = resultOf(name);
		assert.equal(
			diagnostics.map(({ code, message }) => `${code}: ${message}`),
			[],
		);
		assert.ok(files > 0);
	});
}

testInFull("all generated code compiles", async () => {
	const options = { extends: join(root, "tsconfig.json"), compilerOptions: { skipLibCheck: false }, include: ["out"] };
	await write("tsconfig.json", JSON.stringify(options));
	const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["--noEmit", "-p", "."], { cwd: scratch, encoding: "utf8" });
	assert.is(stdout, "");
});

test("all generated JavaScript loads", async () => {
	const files = await readdir(join(scratch, "out"), { recursive: true });
	const scripts = files.filter((file) => file.endsWith(".js"));
	assert.ok(scripts.length > 100);
	for (const file of scripts) await import(pathToFileURL(join(scratch, "out", file)).href);
});

for (const [name, { check }] of Object.entries(SOUND)) {
	if (check !== undefined)
		test(`${name}: the code does what it should`, () => check((path) => import(pathToFileURL(join(scratch, "out", name, path)).href)));
}

for (const [name, { found }] of Object.entries(UNSOUND)) {
	test(`${name}: is said at its place`, () => {
		const { diagnostics, sources } = resultOf(name);
		const findings = diagnostics.map(({ code, message, span }): Finding => {
			const text = sources.get(span.file) ?? "";
			return [code, message, text.slice(span.offset, span.endOffset)];
		});
		assert.equal(findings, found);
	});
}

function resultOf(name: string): CodegenResult {
	const result = results.get(name);
	if (result === undefined) throw new Error(`the run of "${name}" has failed`);
	return result;
}

async function write(path: string, text: string): Promise<void> {
	await mkdir(dirname(join(scratch, path)), { recursive: true });
	await writeFile(join(scratch, path), text);
}

function valid(validator: unknown, value: unknown): unknown {
	assert.type(validator, "function");
	return typeof validator === "function" ? validator(value) : undefined;
}

/** Values pass to the host and back unchanged, and each absence stays the one that it is. */
async function checkNestedOptions(load: (path: string) => Promise<Exports>): Promise<void> {
	const { bindFam } = await load("abi/component/fam.ts");
	const { ResourceScope } = await load("hostcall/runtime.ts");
	const seen: unknown[] = [];
	const echo = (value: unknown): unknown => {
		seen.push(value);
		return value;
	};
	const faults: unknown[] = [];
	const context = { fault: (cause: unknown) => faults.push(cause), resources: construct(ResourceScope) };
	const fam = Object(typeof bindFam === "function" ? bindFam({ nest: echo, keep: echo, triple: echo }, context) : undefined);
	const none = { tag: "none", val: undefined };
	const some = (val: unknown): unknown => ({ tag: "some", val });
	const nested = [none, some(undefined), some("x")];
	for (const value of nested) assert.equal(fam.nest(value), { tag: "ok", val: value });
	assert.equal(seen.splice(0), [undefined, null, "x"]);
	const triple = [none, some(none), some(some(undefined)), some(some(7))];
	for (const value of triple) assert.equal(fam.triple(value), { tag: "ok", val: value });
	assert.equal(seen.splice(0), [undefined, null, { some: null }, { some: 7 }]);
	for (const a of nested) {
		for (const c of triple) {
			const value = { a, b: nested, c };
			assert.equal(fam.keep(value), { tag: "ok", val: value });
		}
	}
	const { payload } = await load("schema/validate/fam.js");
	for (const deep of seen) assert.is(valid(payload, { deep }), true, JSON.stringify(deep));
	assert.equal(faults, []);
}

function construct(type: unknown): unknown {
	return typeof type === "function" ? Reflect.construct(type, []) : undefined;
}

test.run();
