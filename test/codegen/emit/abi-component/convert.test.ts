import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { convertEmitter } from "../../../../codegen/emit/abi-component/convert/index.ts";
import { convertModule } from "../../../../codegen/emit/abi-component/convert/interface-module.ts";
import { runtimeModule } from "../../../../codegen/emit/abi-component/convert/runtime-module.ts";
import { witShapeEmitter } from "../../../../codegen/emit/abi-component/wit-shape/index.ts";
import { hostcallEmitter } from "../../../../codegen/emit/hostcall/index.ts";
import { createIrEmitter } from "../../../../codegen/emit/ir/index.ts";
import type { Direction, RuntimeHelper } from "../../../../codegen/emit/kit/conversion/expressions.ts";
import type { Abi } from "../../../../codegen/model/abi.ts";
import type { ConvertedDef } from "../../../../codegen/model/carried/data-types.ts";
import { camelCase } from "../../../../codegen/model/names/spelling.ts";
import { abiOf, emitOne, emitText, GeneratedFiles, projectAbi } from "../../../helpers/codegen.ts";
import { irValuesOf } from "../../../helpers/codegen-values.ts";
import { PAINT, SHAPES } from "../../../helpers/codegen-wit.ts";
import { assertGolden } from "../../../helpers/golden.ts";

const tsc = fileURLToPath(new URL("../../../../node_modules/.bin/tsc", import.meta.url));

const irTypes = createIrEmitter(async () => []);

/** Types and conversions of a package, on disk. */
async function generate(abi: Abi): Promise<GeneratedFiles> {
	const emitters = [irTypes, witShapeEmitter, convertEmitter];
	const files = await Promise.all(emitters.map((emitter) => emitText(emitter, abi)));
	return GeneratedFiles.write(new Map([...(await hostcallRuntime()), ...files.flatMap((each) => [...each])]));
}

/** The project's file that declares what conversions throw, and the types it refers to. */
async function hostcallRuntime(): Promise<[string, string][]> {
	const abi = await projectAbi();
	const [runtime, types] = ["hostcall/runtime.ts", "ir/types.ts"];
	return [
		[runtime, await emitOne(hostcallEmitter, abi, runtime)],
		[types, await emitOne(irTypes, abi, types)],
	];
}

test("conversions are functions of what crosses, each way it crosses", async () => {
	assertGolden(await emitOne(convertEmitter, abiOf(PAINT), "abi/component/convert/paint.ts"), "codegen/abi-component/convert/paint.ts");
});

test("a list that a guest may leave out is empty in the IR, and always given to a guest", async () => {
	const abi = abiOf(`package a:b@1.0.0;
interface i {
	record r {
		/// @default []
		words: option<list<string>>,
		/// @default []
		bytes: option<list<u8>>,
		/// @default []
		ids: option<list<u32>>,
	}
	echo: func(value: r) -> r;
}`);
	const text = await emitOne(convertEmitter, abi, "abi/component/convert/i.ts");
	assert.match(
		text,
		"{ words: value.words ?? [], bytes: value.bytes ?? new Uint8Array(), ids: value.ids === undefined ? [] : Array.from(value.ids) }",
	);
	assert.match(text, 'words: mapList(value.words, at(path, "words"), asString),');
	assert.match(text, 'bytes: asBytes(value.bytes, at(path, "bytes")),');
});

test("helpers that nothing calls are not emitted", async () => {
	const text = await emitOne(convertEmitter, abiOf(PAINT), "abi/component/convert/runtime.ts");
	const exported = [...text.matchAll(/^export (?:class|function) (\w+)/gm)].map((match) => match[1]);
	assert.equal(exported, ["at", "item", "mapList", "asString", "asFloats", "parseJson"]);
});

test("a world's exports cross the other way", async () => {
	const abi = abiOf(`package a:b@1.0.0;
interface i {
	record question { id: u32 }
	record answer { id: u32 }
}
world w {
	use i.{question, answer};
	export run: func(question: question) -> answer;
}`);
	const text = await emitOne(convertEmitter, abi, "abi/component/convert/i.ts");
	assert.equal(
		[...text.matchAll(/^export function (\w+)/gm)].map((match) => match[1]),
		["questionFromIr", "answerToIr"],
	);
});

test("every shape of type survives the way to the component and back", async () => {
	const abi = abiOf(SHAPES);
	const everything = abi.interfaces.flatMap((each) => each.interface.types).find((def) => def.name === "everything");
	if (everything?.kind !== "record") throw new Error("a record");
	const generated = await generate(abi);
	const toIr = await generated.function("abi/component/convert/shapes.ts", "everythingToIr");
	const fromIr = await generated.function("abi/component/convert/shapes.ts", "everythingFromIr");
	fc.assert(
		fc.property(irValuesOf(everything), (value) => {
			assert.equal(toIr(fromIr(value)), value);
		}),
		{ numRuns: 300 },
	);
	await generated.remove();
});

test("every type of the project's ABI survives the way to the component and back", async () => {
	const abi = await projectAbi();
	const all = new Set<ConvertedDef>();
	for (const { interface: iface } of abi.interfaces) {
		for (const def of iface.types) if (def.kind !== "resource" && def.kind !== "alias") all.add(def);
	}
	const bothWays = new Map<Direction, Set<ConvertedDef>>([
		["to-ir", all],
		["from-ir", all],
	]);
	const used = new Set<RuntimeHelper>();
	const files = new Map<string, string>();
	for (const { interface: iface } of abi.interfaces) {
		const text = convertModule(iface, abi.model, bothWays, used);
		if (text !== undefined) files.set(`abi/component/convert/${iface.name}.ts`, text);
	}
	files.set("abi/component/convert/runtime.ts", runtimeModule(used, []));
	const generated = await GeneratedFiles.write(new Map([...files, ...(await hostcallRuntime())]));
	for (const def of all) {
		if (def.kind === "enum") continue;
		const file = `abi/component/convert/${def.owner.name}.ts`;
		const toIr = await generated.function(file, `${camelCase(def.name)}ToIr`);
		const fromIr = await generated.function(file, `${camelCase(def.name)}FromIr`);
		fc.assert(
			fc.property(irValuesOf(def), (value) => {
				assert.equal(toIr(fromIr(value)), value);
			}),
			{ numRuns: 20 },
		);
	}
	await generated.remove();
});

test("values are in the component's shape", async () => {
	const generated = await generate(abiOf(SHAPES));
	const choice = await generated.function("abi/component/convert/shapes.ts", "choiceFromIr");
	const flags = await generated.function("abi/component/convert/shapes.ts", "someFlagsFromIr");
	const inner = await generated.function("abi/component/convert/shapes.ts", "innerFromIr");
	assert.equal(choice({ type: "deep_choice", deep_choice: { class: "c", maybe_number: 1 } }), {
		tag: "deep-choice",
		val: { class: "c", maybeNumber: 1 },
	});
	assert.equal(choice({ type: "words", words: "one_word" }), { tag: "words", val: "one-word" });
	assert.equal(choice({ type: "nothing" }), { tag: "nothing" });
	assert.equal(choice({ type: "parsed", parsed: { a: [1] } }), { tag: "parsed", val: '{"a":[1]}' });
	assert.equal(flags(["second_flag"]), { secondFlag: true });
	assert.equal(inner({ class: "c" }), { class: "c", maybeNumber: undefined });
	const innerToIr = await generated.function("abi/component/convert/shapes.ts", "innerToIr");
	assert.equal(Object.keys(Object(innerToIr({ class: "c", maybeNumber: undefined }))), ["class"]);
	await generated.remove();
});

test("malformed JSON is an error that says where it stands", async () => {
	const generated = await generate(await projectAbi());
	const { ConversionError } = await generated.load("hostcall/runtime.ts");
	const requestToIr = await generated.function("abi/component/convert/cchat.ts", "requestToIr");
	const tool = { name: "t", parameters: "{}" };
	const request = { messages: [], tools: [tool, { ...tool, parameters: "{" }] };
	const failure = caught(() => requestToIr(request));
	assert.ok(failure instanceof Object(ConversionError));
	assert.is(failure.path, "tools[1].parameters");
	assert.match(failure.message, /^tools\[1\]\.parameters: malformed JSON: /);
	const list = caught(() => requestToIr({ messages: [], tools: [{ ...tool, parameters: "[]" }] }));
	assert.is(list.message, "tools[0].parameters: expected a JSON object, got an array");
	const below = caught(() => requestToIr({ messages: [], tools: [{ ...tool, parameters: "1" }] }, "initial"));
	assert.is(below.message, "initial.tools[0].parameters: expected a JSON object, got 1");
	await generated.remove();
});

test("a value that the component could not take is refused with its place", async () => {
	const generated = await generate(abiOf(SHAPES));
	const choice = await generated.function("abi/component/convert/shapes.ts", "choiceFromIr");
	const flags = await generated.function("abi/component/convert/shapes.ts", "someFlagsFromIr");
	const inner = await generated.function("abi/component/convert/shapes.ts", "innerFromIr");
	const message = (run: () => unknown): string => caught(run).message;
	assert.is(
		message(() => inner({ class: 7 })),
		"class: expected a string, got 7",
	);
	assert.is(
		message(() => inner({ class: "", maybe_number: -1 })),
		"maybe_number: expected an integer from 0 to 4294967295, got -1",
	);
	assert.is(
		message(() => inner({ class: "", maybe_number: 2 ** 32 })),
		"maybe_number: expected an integer from 0 to 4294967295, got 4294967296",
	);
	assert.is(
		message(() => choice({ type: "none_such" })),
		"type: expected a known case, got string",
	);
	assert.is(
		message(() => choice({ type: "words", words: "toString" })),
		"words: expected one of one_word, other, got string",
	);
	assert.is(
		message(() => choice({ type: "bytes", bytes: "AAAA" })),
		"bytes: expected a Uint8Array, got string",
	);
	assert.is(
		message(() => choice({ type: "parsed", parsed: undefined })),
		"parsed: expected a JSON value, got undefined",
	);
	assert.match(
		message(() => choice({ type: "parsed", parsed: 1n })),
		/^parsed: not a JSON value: /,
	);
	assert.is(
		message(() => flags(["first", "third"])),
		"[1]: expected one of first, second_flag, got string",
	);
	await generated.remove();
});

test("what is emitted type checks under the project's flags", async () => {
	const generated = await generate(abiOf(SHAPES));
	const flags =
		"--noEmit --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --noImplicitOverride --noUnusedLocals --noUnusedParameters " +
		"--noFallthroughCasesInSwitch --module nodenext --target esnext --lib esnext --types node --allowImportingTsExtensions " +
		"--erasableSyntaxOnly --verbatimModuleSyntax --isolatedModules --skipLibCheck --ignoreConfig";
	const modules = ["ir/operations.ts", "abi/component/convert/shapes.ts", "abi/component/wit/shapes.ts"].map((path) =>
		join(generated.directory, path),
	);
	const outcome = await promisify(execFile)(process.execPath, [tsc, ...flags.split(" "), ...modules], { cwd: generated.directory }).then(
		({ stdout }) => ({ code: 0, stdout }),
		(failure: { code: number; stdout: string }) => ({ code: failure.code, stdout: failure.stdout }),
	);
	assert.equal(outcome, { code: 0, stdout: "" });
	await generated.remove();
});

test("the same input gives the same bytes", async () => {
	const abi = await projectAbi();
	assert.equal(await emitText(convertEmitter, abi), await emitText(convertEmitter, abi));
});

function caught(run: () => unknown): { readonly message: string; readonly path: string } {
	try {
		run();
	} catch (cause) {
		return Object(cause);
	}
	throw new Error("nothing was thrown");
}

test.run();
