import { test } from "uvu";
import * as assert from "uvu/assert";
import { witShapeEmitter } from "../../../../codegen/emit/abi-component/wit-shape/index.ts";
import { abiOf, emitOne, emitText, projectAbi } from "../../../helpers/codegen.ts";
import { PAINT, SHAPES } from "../../../helpers/codegen-wit.ts";
import { assertGolden } from "../../../helpers/golden.ts";

test("types are declared as transpiled components pass them", async () => {
	assertGolden(await emitOne(witShapeEmitter, abiOf(PAINT), "abi/component/wit/paint.ts"), "codegen/abi-component/wit/paint.ts");
});

test("enums keep their kebab names, JSON stays text", async () => {
	const text = await emitOne(witShapeEmitter, abiOf(PAINT), "abi/component/wit/types.ts");
	assert.ok(text.includes('export type Colour = "red" | "sky-blue";\n'));
	assert.ok(text.includes("export type Json = string;\n"));
});

test("every other shape of type has its TypeScript", async () => {
	const text = await emitOne(witShapeEmitter, abiOf(SHAPES), "abi/component/wit/shapes.ts");
	for (const line of [
		"export interface SomeFlags {\n\tfirst?: boolean;\n\tsecondFlag?: boolean;\n}",
		"\tnumbers: Uint32Array;",
		"\tholes: (string | undefined)[];",
		'\tnested: { tag: "none"; val?: undefined } | { tag: "some"; val: number | undefined };',
		'\toutcome: { tag: "ok"; val: Inner } | { tag: "err"; val: base.TwoWords };',
		'\tbare: { tag: "ok"; val: undefined } | { tag: "err"; val: undefined };',
		"\tpair: [base.Plain, Inner | undefined];",
		"\trawObject?: base.JsonObject | undefined;",
	]) {
		assert.ok(text.includes(`${line}\n`), line);
	}
});

test("the same input gives the same bytes", async () => {
	const abi = await projectAbi();
	assert.equal(await emitText(witShapeEmitter, abi), await emitText(witShapeEmitter, abi));
});

test.run();
