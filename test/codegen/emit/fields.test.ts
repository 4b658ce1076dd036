import { test } from "uvu";
import * as assert from "uvu/assert";
import { fieldsEmitter } from "../../../codegen/emit/fields/index.ts";
import { createIrEmitter } from "../../../codegen/emit/ir/index.ts";
import type { Abi } from "../../../codegen/model/abi.ts";
import { abiOf, emitOne, emitText, GeneratedFiles, projectAbi } from "../../helpers/codegen.ts";
import { PAINT, SHAPES } from "../../helpers/codegen-wit.ts";
import { assertGolden } from "../../helpers/golden.ts";

/** The fields of an ABI on disk, with the IR that they refer to. */
async function generate(abi: Abi): Promise<GeneratedFiles> {
	const files = await Promise.all([createIrEmitter(async () => []), fieldsEmitter].map((emitter) => emitText(emitter, abi)));
	return GeneratedFiles.write(new Map(files.flatMap((each) => [...each])));
}

/** {@link SHAPES} as a family: every shape of type is in its payload. */
const FAMILY = SHAPES.replace("interface shapes {", "/// @operation shape_keeping\ninterface shapes {")
	.replace("	record everything {", "	/// @payload\n	record everything {")
	.replace("	echo: func", "	/// @result\n	record answer { all: everything }\n\n	echo: func");

/** Returns the visited fields of a payload with their values, in order. */
async function visited(abi: Abi, module: string, payload: unknown): Promise<unknown[]> {
	const generated = await generate(abi);
	const walk = await generated.function(`ir/fields/${module}.ts`, "walkFields");
	const seen: unknown[] = [];
	walk(payload, (field: unknown, value: unknown) => seen.push([field, value]));
	await generated.remove();
	return seen;
}

test("the fields of a payload have the docs and types of the IR, the features they demand, and a walk over them", async () => {
	assertGolden(await emitOne(fieldsEmitter, abiOf(PAINT), "ir/fields/paint.ts"), "codegen/fields/paint.ts");
});

test("the fields of every shape of type compile", async () => {
	const generated = await generate(abiOf(FAMILY));
	assert.is(await generated.typeErrors(), "");
	await generated.remove();
});

test("the parts of an atomic type are no fields", async () => {
	const text = await emitOne(fieldsEmitter, await projectAbi(), "ir/fields/cchat.ts");
	assert.match(text, '"messages.content.opaque": types.OpaquePart;');
	assert.not.match(text, "messages.content.opaque.");
	assert.not.match(text, "source.inline.");
});

test("a walk visits each field before its parts, and the fields of list items once for each item", async () => {
	const payload = { copies: 2, tools: [{ type: "brush", brush: 5 }, { type: "hand" }], canvas: new Uint8Array(1), varnish: false };
	assert.equal(await visited(abiOf(PAINT), "paint", payload), [
		["copies", 2],
		["tools", payload.tools],
		["tools.brush", 5],
		["tools.hand", undefined],
		["canvas", payload.canvas],
		["varnish", false],
	]);
});

test("absent fields, empty lists and values equal to the default of their field are not visited", async () => {
	const payload = { copies: 1, tools: [], canvas: new Uint8Array(0), colour: "sky_blue" };
	assert.equal(await visited(abiOf(PAINT), "paint", payload), []);
});

test.run();
