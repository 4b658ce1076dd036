import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loweringEmitter } from "../../../../codegen/emit/abi-component/lowering/index.ts";
import { definitionKey, functionKey } from "../../../../codegen/emit/kit/lowering/key.ts";
import type { PlainDef } from "../../../../codegen/emit/kit/lowering/layout.ts";
import { allFunctions } from "../../../../codegen/model/build-abi.ts";
import { UnsupportedType } from "../../../../codegen/model/carried/data-types.ts";
import type { Model } from "../../../../codegen/model/model.ts";
import { readWit } from "../../../../codegen/wit/read.ts";
import { WASI_INTERFACES } from "../../../../generated/abi/component/lowering/wasi/index.ts";
import { WASI_ASYNC_IMPORTS } from "../../../../src/abi/component/wasi/wasi.ts";
import { abiOf, emitOne, emitText, projectAbi } from "../../../helpers/codegen.ts";
import { assertGolden } from "../../../helpers/golden.ts";

const FOLDER = "abi/component/lowering/";
const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** Lamps, with each way to pass a value. */
const LAMPS = `package test:lamps@1.2.3;

interface shades {
	enum colour { warm-white, blue }
	flags effects { blink, fade-out }
	record shade { colour: colour, level: option<u8> }
	variant light { off, plain(shade), mixed(list<shade>), code(f32), wide(u64) }
}

interface lamps {
	use shades.{light, effects, colour};

	resource lamp {
		constructor(light: light);
		/// Waits.
		///
		/// @blocking
		next: func() -> result<light, string>;
		swap: static func(gone: lamp, kept: borrow<lamp>) -> lamp;
	}

	count: func() -> u32;
	all: func(lamps: list<borrow<lamp>>, effects: effects, level: s32) -> list<colour>;
}

world room {
	use shades.{light};
	export run: func(input: string, light: option<light>) -> result<list<u8>, light>;
}
`;

test("an interface is lowered as readable code, its types in the file that declares them", async () => {
	const files = await emitText(loweringEmitter, abiOf(LAMPS));
	assert.equal(
		[...files.keys()].map((path) => path.slice(FOLDER.length)),
		["runtime.ts", "shades.ts", "lamps.ts", "exports.ts", "index.ts"],
	);
	for (const name of ["shades.ts", "lamps.ts", "exports.ts", "index.ts"])
		assertGolden(files.get(FOLDER + name) ?? "", `codegen/abi-component/lowering/${name}`);
});

test("helpers that no function calls are not emitted", async () => {
	const text = await emitOne(loweringEmitter, abiOf("package a:b; interface i { record r { a: u8 } take: func(r: r); }"), `${FOLDER}i.ts`);
	assert.equal(
		[...text.matchAll(/^(?:export )?(?:function|const) (\w+)/gm)].map((match) => match[1]),
		["R_KEY", "liftFlatR", "i"],
	);
});

test("aliases have no key of their own, and a list of an alias of a number is a typed array", async () => {
	const wit = "package a:b; interface i { type size = u64; type sizes = list<size>; f: func(sizes: sizes, some: option<sizes>) -> sizes; }";
	const text = await emitOne(loweringEmitter, abiOf(wit), `${FOLDER}i.ts`);
	assert.ok(text.includes('key: "(sizes:list<u64>,some:option<list<u64>>)->list<u64>"'));
	assert.ok(text.includes("const sizes = new BigUint64Array(context.numbers(sizesPointer >>> 0, sizesLength >>> 0, 8));"));
});

test("deprecations are members of the interface, and of each function of a deprecated resource; nothing is emitted without one", async () => {
	const wit = `package a:b@1.2.0;
/// Old.
///
/// @replaced-by new
@since(version = 1.0.0)
@deprecated(version = 1.2.0)
interface old { f: func(); }
interface new {
	@since(version = 1.0.0)
	@deprecated(version = 1.1.0)
	resource door { constructor(); knock: func(); @since(version = 1.0.0) @deprecated(version = 1.2.0) ring: func(); }
	/// Opens.
	///
	/// @replaced-by unlock
	@since(version = 1.0.0)
	@deprecated(version = 1.0.1)
	open: func();
	unlock: func();
}
`;
	const files = await emitText(loweringEmitter, abiOf(wit));
	const lines = (text = ""): string[] =>
		[...text.matchAll(/^(\t+"?[^\t]+"?: \{|\t+deprecated: .*)$/gm)].map(([line]) => line.replaceAll("\t", " "));
	assert.equal(lines(files.get(`${FOLDER}old.ts`)), [' deprecated: { since: "1.2.0", replacement: "new" },', " functions: {", "  f: {"]);
	assert.equal(lines(files.get(`${FOLDER}new.ts`)), [
		" functions: {",
		"  open: {",
		'   deprecated: { since: "1.0.1", replacement: "unlock" },',
		"  unlock: {",
		'  "[method]door.knock": {',
		'   deprecated: { since: "1.1.0" },',
		'  "[method]door.ring": {',
		'   deprecated: { since: "1.2.0" },',
		'  "[constructor]door": {',
		'   deprecated: { since: "1.1.0" },',
	]);
});

test("worlds that export one name with several types have a lifting for each", async () => {
	const wit = `package a:b;
world one { export run: func(a: u32); }
world same { export run: func(a: u32); }
world other { export run: func(a: string); }
`;
	const text = await emitOne(loweringEmitter, abiOf(wit), `${FOLDER}exports.ts`);
	assert.ok(text.includes("export const EXPORTS: Readonly<Record<string, ExportLifting | readonly ExportLifting[]>> = {"));
	assert.equal(
		[...text.matchAll(/key: "(.*)"/g)].map((match) => match[1]),
		["(a:u32)", "(a:string)"],
	);
});

const REFUSED: readonly (readonly [type: string, message: RegExp])[] = [
	["map<string, u32>", /test\.wit:1:39: a map cannot cross to a component/],
	["stream<u8>", /test\.wit:1:39: a stream cannot cross/],
	["future", /test\.wit:1:39: a future cannot cross/],
	["error-context", /test\.wit:1:39: an error-context cannot cross/],
	["list<u8, 4>", /test\.wit:1:39: a list of fixed length cannot cross/],
	["option<list<stream>>", /test\.wit:1:51: a stream cannot cross/],
];

for (const [type, message] of REFUSED) {
	test(`${type} is refused at its place in the WIT`, async () => {
		assert.match(await failure(`package a:b; interface i { f: func(a: ${type}); }`), message);
	});
}

test("an async function and a type of a world are refused at their place", async () => {
	assert.match(await failure("package a:b; interface i { f: async func(); }"), /test\.wit:1:28: function `f` is `async`/);
	const world = "package a:b; world w { record r { a: u8 } export run: func(r: r); }";
	assert.match(await failure(world), /test\.wit:1:31: record `r` of world `a:b\/w` cannot cross to a component/);
});

async function failure(wit: string): Promise<string> {
	try {
		await emitText(loweringEmitter, abiOf(wit));
	} catch (cause) {
		if (cause instanceof UnsupportedType) return `${cause.span?.file}:${cause.span?.line}:${cause.span?.column}: ${cause.message}`;
	}
	throw new Error("nothing was refused");
}

test("the same input gives the same bytes", async () => {
	const abi = await projectAbi();
	assert.equal(await emitText(loweringEmitter, abi), await emitText(loweringEmitter, abi));
});

test("WASI's functions have the types of the official WIT", async () => {
	const directory = await mkdtemp(join(tmpdir(), "spear-wasi-"));
	const builtin = join(dirname(fileURLToPath(import.meta.resolve("@bytecodealliance/jco"))), "../lib/wit/builtin/0.2.12");
	await writeFile(join(directory, "main.wit"), "package test:main;\n");
	for (const name of ["io", "clocks", "random", "cli", "filesystem", "sockets"]) {
		await mkdir(join(directory, "deps", name), { recursive: true });
		await copyFile(join(builtin, `wasi-${name}/package.wit`), join(directory, "deps", name, "package.wit"));
	}
	const official = functionKeys((await readWit(directory)).model);
	await rm(directory, { recursive: true });
	const offered = functionKeys((await readWit(join(ROOT, "wit/wasi"))).model);
	assert.ok(offered.size > 60);
	for (const [name, key] of offered) assert.is(key, official.get(name), name);
	const generated = new Map(
		WASI_INTERFACES.flatMap((iface) => Object.entries(iface.functions).map(([name, { key }]) => [`${iface.name}#${name}`, key])),
	);
	assert.equal([...generated].sort(), [...offered].sort());
});

/** Type keys by interface and function. */
function functionKeys(model: Model | undefined): Map<string, string> {
	const full = (def: PlainDef): string => definitionKey(def, full);
	const interfaces = model?.packages.flatMap((each) => each.interfaces) ?? [];
	return new Map(
		interfaces.flatMap((iface) =>
			allFunctions(iface).map((func) => {
				const path = func.resource === undefined ? func.name : `[${func.kind}]${func.resource.name}.${func.name}`;
				return [`${iface.package.namespace}:${iface.package.name}/${iface.name}#${path}`, functionKey(func, full)];
			}),
		),
	);
}

test("the functions of WASI that wait are those that the host implements so", () => {
	const waiting = WASI_INTERFACES.flatMap((iface) =>
		Object.entries(iface.functions).flatMap(([name, { waits }]) => (waits ? [`${iface.name}#${name}`] : [])),
	);
	assert.equal(waiting.sort(), [...WASI_ASYNC_IMPORTS].sort());
});

test("a fault in WASI's WIT is told with its place below wit/", async () => {
	const directory = await mkdtemp(join(tmpdir(), "spear-wasi-"));
	await mkdir(join(directory, "deps/io"), { recursive: true });
	await writeFile(join(directory, "world.wit"), "package a:b;\n");
	await writeFile(join(directory, "deps/io/io.wit"), "package wasi:io@0.2.12;\ninterface poll { poll: func(a: nothing); }\n");
	const { model, diagnostics } = await readWit(directory, { prefix: "wasi/" });
	await rm(directory, { recursive: true });
	assert.is(model, undefined);
	assert.equal(
		diagnostics.map(({ span }) => `${span.file}:${span.line}`),
		["wasi/deps/io/io.wit:2"],
	);
});

test.run();
