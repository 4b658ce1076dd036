/** Public packages of WIT: each has bindings, typings and a reference, and all of the TypeScript is sound without `skipLibCheck`. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { docs } from "../../../codegen/emit/docs/index.ts";
import { guestTs } from "../../../codegen/emit/guest-ts/index.ts";
import { generalIr } from "../../../codegen/emit/ir/general.ts";
import { generalSchema } from "../../../codegen/emit/schema/general.ts";
import { readWitText } from "../../../codegen/wit/read.ts";
import { emitTarget, modelOf, testHost } from "../../helpers/general-targets.ts";
import { ROOT, scratch } from "../../helpers/guest.ts";
import { STRICT_OPTIONS } from "../../helpers/strict-options.ts";
import { layOutCorpus } from "../../helpers/wit-corpus.ts";

const test = suite("public packages");
const corpus = await layOutCorpus(ROOT);
test.after(() => corpus.dispose());

/** Of packages that are there in several copies, one. */
const chosen = corpus.packages.filter(({ origin }) => /builtin\/(?:0\.2\.12|0\.3\.0)\/|jco-std/.test(origin));

test("bindings and typings compile, and there is a reference", async () => {
	assert.ok(chosen.length >= 12, String(chosen.length));
	const directory = mkdtempSync(join(scratch(), "public-"));
	const write = (path: string, text: string): void => {
		mkdirSync(dirname(join(directory, path)), { recursive: true });
		writeFileSync(join(directory, path), text);
	};
	write("package.json", '{ "type": "module" }');
	write("tsconfig.json", JSON.stringify({ compilerOptions: STRICT_OPTIONS, include: ["**/*.ts"] }));
	let typings = 0;
	for (const [index, { directory: wit, origin }] of chosen.entries()) {
		const model = await modelOf(wit);
		const { files: host, findings } = await emitTarget(testHost, model);
		for (const [path, text] of host) write(`${index}/${path}`, text);
		assert.ok(
			findings.every(({ severity, code }) => severity === "warning" && code === "not-callable"),
			origin,
		);
		for (const [path, text] of (await emitTarget(generalIr, model)).files) if (path.endsWith(".ts")) write(`${index}/${path}`, text);
		// Ambient modules are global: each file gets a name space of its own here.
		for (const [path, text] of (await emitTarget(guestTs, model)).files) {
			typings += 1;
			write(`${index}/${path}`, text.replace(/^(declare module |\timport type .* from )"/gm, `$1"${typings}/`));
		}
		assert.ok((await emitTarget(docs, model)).files.has("docs/reference.html"), origin);
	}
	const { stdout } = spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", "."], { cwd: directory, encoding: "utf8" });
	assert.is(stdout.slice(0, 3_000), "");
});

test("schemas have the types that JSON can hold, and name the others", async () => {
	const { model } = readWitText(`package a:b@1.0.0;
interface i {
	resource r;
	record plain { name: string, deep: option<list<pair>> }
	record pair { left: u32, right: f64 }
	record holder { item: option<own<r>> }
	variant outer { holder(holder), none }
}`);
	if (model === undefined) throw new Error("the WIT of this test is wrong");
	const { files, findings } = await emitTarget(generalSchema, model);
	const { $defs } = JSON.parse(files.get("schema/i.schema.json") ?? "");
	assert.equal(Object.keys($defs), ["Plain", "Pair"]);
	assert.equal(
		findings.map(({ code, message }) => [code, message.split(":")[0]]),
		[["no-json-form", "the JSON form of `i` has no `r`, `holder`, `outer`"]],
	);
	for (const { directory } of chosen) {
		const { files: schemas } = await emitTarget(generalSchema, await modelOf(directory));
		for (const [path, text] of schemas) {
			for (const [, file = "", name = ""] of text.matchAll(/"\$ref": "([^"#]*)#\/\$defs\/([^"]*)"/g)) {
				const target = JSON.parse(schemas.get(file === "" ? path : `schema/${file}`) ?? "{}");
				assert.ok(Object.hasOwn(target.$defs ?? {}, name), `${path} refers to ${file}#${name}`);
			}
		}
	}
});

test("a guest finds a used type where the using interface names it", async () => {
	const { model } = readWitText(`package a:b@1.0.0;
interface io { resource pollable; record time { ms: u32 } }
interface http { use io.{pollable as body, pollable, time}; send: func(body: body, until: borrow<pollable>, time: time); }
world w { import http; }`);
	if (model === undefined) throw new Error("the WIT of this test is wrong");
	const { files } = await emitTarget(guestTs, model);
	const guest = `import { send, type Body, type Pollable, type Time } from "a:b/http@1.0.0";
import type { Pollable as Original } from "a:b/io@1.0.0";
const time: Time = { ms: 1 };
export const call = (body: Body, until: Pollable): void => send(body, until, time);
export const same = (body: Body): Original => body;
`;
	const directory = mkdtempSync(join(scratch(), "used-"));
	for (const [path, text] of [...files, ["package.json", '{ "type": "module" }'], ["guest.ts", guest]] as const) {
		mkdirSync(dirname(join(directory, path)), { recursive: true });
		writeFileSync(join(directory, path), text);
	}
	const include = ["guest.ts", "guest/w/quickjs.d.ts"];
	writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...STRICT_OPTIONS, types: [] }, include }));
	const { stdout } = spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", "."], { cwd: directory, encoding: "utf8" });
	assert.is(stdout, "");
});

test("what the engine cannot call has types and is named, with its place", async () => {
	const { model } = readWitText(`package a:b@1.0.0;
interface i {
	read: func() -> stream<u8>;
	later: async func(at: u64) -> result<future<string>, error-context>;
	pairs: func(m: map<string, u8>) -> u32;
	plain: func();
}
world w { import i; export i; }`);
	if (model === undefined) throw new Error("the WIT of this test is wrong");
	const { files, findings } = await emitTarget(testHost, model);
	assert.equal(
		findings.map(({ code, span, message }) => [code, span.line, message.split(":")[1]?.includes("cannot be called")]).slice(0, 3),
		[
			["not-callable", 3, true],
			["not-callable", 4, true],
			["not-callable", 5, true],
		],
	);
	assert.match(files.get("host/w/types/a-b-i.ts") ?? "", "read(): AsyncIterable<number> | Promise<AsyncIterable<number>>;");
	assert.match(files.get("host/w/types/a-b-i-exports.ts") ?? "", "later(at: bigint): Promise<PromiseLike<string>>;");
	const lowering = files.get("host/w/lowering/a-b-i.ts") ?? "";
	assert.match(lowering, "plain: {");
	assert.not.match(lowering, "read: {");
	assert.match(files.get("host/w/lowering/a-b-i-exports.ts") ?? "", "later: undefined,");
});

test.run();
