import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createIrEmitter } from "../../../codegen/emit/ir/index.ts";
import { createValidatorsEmitter } from "../../../codegen/emit/validators/index.ts";
import { wireEmitter } from "../../../codegen/emit/wire/index.ts";
import { differsOnWire, wireReach } from "../../../codegen/emit/wire/reach.ts";
import type { Abi } from "../../../codegen/model/abi.ts";
import { camelCase } from "../../../codegen/model/names/spelling.ts";
import { abiOf, emitOne, emitText, GeneratedFiles, projectAbi } from "../../helpers/codegen.ts";
import { irValuesOf } from "../../helpers/codegen-values.ts";
import { PAINT, SHAPES } from "../../helpers/codegen-wit.ts";
import { assertGolden } from "../../helpers/golden.ts";

/** All that converts and checks payloads of an ABI, on disk. */
async function generate(abi: Abi): Promise<GeneratedFiles> {
	const emitters = [createIrEmitter(async () => []), createValidatorsEmitter(async () => []), wireEmitter];
	const files = await Promise.all(emitters.map((emitter) => emitText(emitter, abi)));
	return GeneratedFiles.write(new Map(files.flatMap((each) => [...each])));
}

/** {@link SHAPES} as a family: every shape of type is in its payload, and comes back in its result. */
const FAMILY = SHAPES.replace("interface shapes {", "/// @operation shape_keeping\ninterface shapes {")
	.replace("	record everything {", "	/// @payload\n	record everything {")
	.replace("	echo: func", "	/// @result\n	record answer { all: everything }\n\n	echo: func");

test("only what looks different in JSON has a type of its own there, and everything that travels has its conversions", async () => {
	assertGolden(await emitOne(wireEmitter, abiOf(PAINT), "ir/wire/paint.ts"), "codegen/wire/paint.ts");
	const runtime = await emitOne(wireEmitter, abiOf(PAINT), "ir/wire/runtime.ts");
	assert.match(runtime, "export function toBytes");
	assert.not.match(runtime, "export function toBase64");
});

test("every shape of type survives the way through JSON text, past the validator", async () => {
	const abi = abiOf(FAMILY);
	const payload = abi.families[0]?.payload;
	assert.ok(payload);
	const generated = await generate(abi);
	const fromWire = await generated.function("ir/wire/shapes.ts", "everythingFromWire");
	const toWire = await generated.function("ir/wire/shapes.ts", "everythingToWire");
	const valid = await generated.function("schema/validate-wire/shapes.js", "payload");
	fc.assert(
		fc.property(irValuesOf(payload), (value) => {
			const text = JSON.stringify(toWire(value));
			const parsed: unknown = JSON.parse(text);
			assert.is(valid(parsed), true);
			assert.is(JSON.stringify(toWire(fromWire(parsed))), text);
		}),
		{ numRuns: 200 },
	);
	await generated.remove();
});

test("payloads of the project's own families survive it too", async () => {
	const abi = await projectAbi();
	const generated = await generate(abi);
	const outgoing = wireReach(abi).get("to-wire");
	for (const { name, payload } of abi.families) {
		const fromWire = await generated.function(`ir/wire/${name}.ts`, `${camelCase(payload.name)}FromWire`);
		const valid = await generated.function(`schema/validate-wire/${name}.js`, "payload");
		assert.not(outgoing?.has(payload), `${name}: a payload is never sent`);
		fc.assert(
			fc.property(irValuesOf(payload), (value) => {
				// What differs on the wire is bytes alone, which the payloads hold nowhere but in \`data\`.
				const text = JSON.stringify(value, (_key, each: unknown) =>
					each instanceof Uint8Array ? Buffer.from(each).toString("base64") : each,
				);
				const parsed: unknown = JSON.parse(text);
				if (!valid(parsed)) return; // A constraint that the random values do not obey.
				assert.equal(fromWire(parsed), value);
			}),
			{ numRuns: 60 },
		);
	}
	await generated.remove();
});

test("members come in the ABI's order, flags too, whatever the order of the text", async () => {
	const generated = await generate(abiOf(FAMILY));
	const inner = await generated.function("ir/wire/shapes.ts", "innerFromWire");
	assert.is(JSON.stringify(inner({ maybe_number: 1, class: "c" })), '{"class":"c","maybe_number":1}');
	const flags = await generated.function("ir/wire/shapes.ts", "someFlagsFromWire");
	assert.equal(flags(["second_flag", "first"]), ["first", "second_flag"]);
	await generated.remove();
});

test("lists left out become empty ones of their kind, and bytes that are not base64 are refused with their place", async () => {
	const abi = abiOf(`package a:b@1.0.0;
/// @operation listing
interface i {
	/// @payload
	record r {
		/// @default []
		words: option<list<string>>,
		/// @default []
		bytes: option<list<u8>>,
		/// @default []
		vector: option<list<f32>>,
	}
	/// @result
	record s { n: u32 }
	call: func(value: r) -> s;
}`);
	assert.ok(abi.families.every(({ payload }) => differsOnWire(payload)));
	const generated = await generate(abi);
	const fromWire = await generated.function("ir/wire/i.ts", "rFromWire");
	assert.equal(fromWire({}), { words: [], bytes: new Uint8Array(), vector: new Float32Array() });
	assert.equal(fromWire({ bytes: "AQL/", vector: [0.5] }), { words: [], bytes: Uint8Array.of(1, 2, 255), vector: Float32Array.of(0.5) });
	const { payload } = await generated.load("schema/validate-wire/i.js");
	assert.type(payload, "function");
	const valid = await generated.function("schema/validate-wire/i.js", "payload");
	for (const [bytes, good] of [
		["", true],
		["AA==", true],
		["AAA=", true],
		["AA", false],
		["AAAA=", false],
		["A===", false],
		["AA-_", false],
	] as const) {
		assert.is(valid({ bytes }), good, bytes);
		if (!good) assert.equal(Reflect.get(Object(payload), "errors")[0].instancePath, "/bytes");
	}
	await generated.remove();
});

test.run();
