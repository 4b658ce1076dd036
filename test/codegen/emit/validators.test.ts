import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkModules } from "../../../codegen/emit/kit/checks/modules.ts";
import { targetOf } from "../../../codegen/emit/kit/checks/references.ts";
import { checkRuntime } from "../../../codegen/emit/kit/checks/runtime.ts";
import { validators } from "../../../codegen/emit/kit/checks/validators.ts";
import { schemaDocuments } from "../../../codegen/emit/kit/schema/documents.ts";
import { createValidatorsEmitter, validatorsEmitter } from "../../../codegen/emit/validators/index.ts";
import type { Abi } from "../../../codegen/model/abi.ts";
import type { IrForm } from "../../../codegen/model/carried/ir-type.ts";
import { ajvFaults, faultTexts } from "../../helpers/ajv-validator.ts";
import { abiOf, emitText, extraSchema, GeneratedFiles, projectAbi } from "../../helpers/codegen.ts";
import { irValuesOf } from "../../helpers/codegen-values.ts";
import { PAINT, SHAPES } from "../../helpers/codegen-wit.ts";

const bare = createValidatorsEmitter(async () => []);

/** What a validator has against a value: pointer and keyword of each error. */
type Check = (value: unknown) => string[];

async function checker(abi: Abi, ref: string, form: IrForm): Promise<{ check: Check; generated: GeneratedFiles }> {
	const documents = schemaDocuments(abi, [], form);
	const target = targetOf(ref, "");
	const checks = [...checkModules({ documents, roots: [target] })].map(([module, code]): [string, string] => [`check/${module}.js`, code]);
	const generated = await GeneratedFiles.write(
		new Map([...checks, ["check-runtime.js", checkRuntime], ["validate/subject.js", validators([{ name: "subject", target }], "check")]]),
	);
	const { subject } = await generated.load("validate/subject.js");
	if (typeof subject !== "function") throw new Error("no validator");
	const judge = ajvFaults(documents, ref);
	const check: Check = (value) => {
		const passed = subject(value);
		const errors: { instancePath: string; keyword: string; message: string }[] = Object(subject).errors ?? [];
		assert.is(passed, errors.length === 0);
		assert.equal(faultTexts(errors), judge(value), "as ajv finds");
		return errors.map((error) => `${error.instancePath} ${error.keyword}`);
	};
	return { check, generated };
}

test("values in memory are accepted, and everything wrong with others is said with its place", async () => {
	const { check, generated } = await checker(abiOf(PAINT), "paint.schema.json#/$defs/Request", "memory");
	assert.equal(check({ tools: [], canvas: new Uint8Array(3) }), []);
	assert.equal(
		check({
			copies: 4,
			tools: [{ type: "brush", brush: 0 }, { type: "hand" }],
			canvas: new Uint8Array(0),
			colour: "sky_blue",
			extra: [null],
		}),
		[],
	);
	assert.equal(check({ tools: [], canvas: "AAAA" }), ["/canvas instanceOf"]);
	assert.equal(check({ tools: [], canvas: new Float32Array(1) }), ["/canvas instanceOf"]);
	assert.equal(check({ canvas: new Uint8Array(0) }), [" required"]);
	assert.equal(check({ tools: [], canvas: new Uint8Array(0), copys: 1 }), [" additionalProperties"]);
	assert.equal(
		check({ copies: 5, tools: [{ type: "brush" }, { type: "spray" }, { type: "hand", hand: 1 }, 7], canvas: new Uint8Array(0) }).sort(),
		["/copies maximum", "/tools/0 required", "/tools/1 discriminator", "/tools/2 additionalProperties", "/tools/3 type"],
	);
	assert.equal(check({ tools: [{ type: "brush", brush: 1.5 }], canvas: new Uint8Array(0), colour: "blue" }), [
		"/tools/0/brush type",
		"/colour enum",
	]);
	assert.equal(check(null), [" type"]);
	await generated.remove();
});

test("the wire form takes base64 for bytes and arrays for vectors", async () => {
	const { check, generated } = await checker(abiOf(PAINT), "paint.schema.json#/$defs/Request", "wire");
	assert.equal(check({ tools: [], canvas: "AAE=" }), []);
	assert.equal(check({ tools: [], canvas: "no base64!!!" }), ["/canvas pattern"]);
	assert.equal(check({ tools: [], canvas: "AAE" }), ["/canvas contentEncoding"]);
	assert.equal(check({ tools: [], canvas: new Uint8Array(0) }), ["/canvas type"]);
	await generated.remove();
	const response = await checker(abiOf(PAINT), "paint.schema.json#/$defs/Response", "wire");
	assert.equal(response.check({ strokes: [[0.5, 1]] }), []);
	assert.equal(response.check({ strokes: [[0.5, "1"]] }), ["/strokes/0/1 type"]);
	await response.generated.remove();
});

test("every value of a type passes its validator", async () => {
	const abi = abiOf(SHAPES);
	const everything = abi.interfaces.flatMap((each) => each.interface.types).find((def) => def.name === "everything");
	if (everything?.kind !== "record") throw new Error("a record");
	const { check, generated } = await checker(abi, "shapes.schema.json#/$defs/Everything", "memory");
	fc.assert(
		fc.property(irValuesOf(everything), (value) => assert.equal(check(value), [])),
		{ numRuns: 200 },
	);
	await generated.remove();
});

test("numbers that are none, and characters that are several, are refused", async () => {
	const { check, generated } = await checker(
		abiOf("package a:b@1.0.0;\ninterface i {\n\trecord r {\n\t\tc: char,\n\t\tf: f64,\n\t\ts: s8,\n\t}\n}"),
		"i.schema.json#/$defs/R",
		"memory",
	);
	assert.equal(check({ c: "🖌", f: -0.5, s: -128 }), []);
	assert.equal(check({ c: "ab", f: Number.NaN, s: -129 }), ["/c maxLength", "/f type", "/s minimum"]);
	await generated.remove();
});

test("there is a validator for payload and result, and for each record that a function takes", async () => {
	const abi = abiOf(`package a:b@1.0.0;
/// @operation op
interface i {
	/// @payload
	record request { n: u32 }
	/// @result
	record response { n: u32 }
	record spare-part { n: u32 }
	record unused { n: u32 }
	enum level { low }
	resource box {
		put: func(parts: list<spare-part>, level: level, name: option<string>) -> result;
	}
	run: func(request: request) -> result<response, string>;
}`);
	const files = await emitText(bare, abi);
	assert.equal([...files.keys()].sort(), [
		"schema/check-runtime.js",
		"schema/check/i.js",
		"schema/validate-wire/i.d.ts",
		"schema/validate-wire/i.js",
		"schema/validate-wire/operations.d.ts",
		"schema/validate-wire/operations.js",
		"schema/validate/i.d.ts",
		"schema/validate/i.js",
		"schema/validate/operations.d.ts",
		"schema/validate/operations.js",
		"schema/validate/validator.d.ts",
	]);
	assert.match(
		files.get("schema/validate/operations.js") ?? "",
		'import * as i from "./i.js";\n\nconst none = () => false;\n\nexport const payloads = {\n\top: i.payload,\n};\n\nexport const results = {\n\top: i.result,\n};\n\nexport const events = {\n\top: none,\n};\n',
	);
	assert.match(
		files.get("schema/validate-wire/operations.js") ?? "",
		'import { payload as i } from "./i.js";\n\nexport const wirePayloads = {\n\top: i,\n};\n',
	);
	assert.match(files.get("schema/validate-wire/i.d.ts") ?? "", 'export declare const payload: Validator<WirePayloads["op"]>;');
	assert.is(
		files.get("schema/validate/i.d.ts"),
		`// Generated by \`npm run codegen\` from wit/test.wit. Do not edit.

import type * as i from "../../ir/i.ts";
import type { Validator } from "./validator.d.ts";

/** Validates \`Request\`. */
export declare const payload: Validator<i.Request>;

/** Validates \`Response\`. */
export declare const result: Validator<i.Response>;

/** Validates \`SparePart\`. */
export declare const sparePart: Validator<i.SparePart>;
`,
	);
	const generated = await GeneratedFiles.write(files);
	assert.equal(Object.keys(await generated.load("schema/validate/i.js")).sort(), ["payload", "result", "sparePart"]);
	await generated.remove();
});

test("an extra schema's root has a validator of the schema's name", async () => {
	const emitter = createValidatorsEmitter(
		extraSchema("easel", { type: "object", additionalProperties: false, properties: { legs: { type: "integer" } } }),
	);
	const generated = await GeneratedFiles.write(await emitText(emitter, abiOf(PAINT)));
	const easel = await generated.function("schema/validate/easel.js", "easel");
	assert.is(easel({ legs: 3 }), true);
	assert.is(easel({ arms: 3 }), false);
	await generated.remove();
});

test("a keyword that the validators leave out is refused, not ignored", async () => {
	const emitter = createValidatorsEmitter(extraSchema("easel", Object.assign({ type: "object" }, { unevaluatedProperties: false })));
	try {
		await emitText(emitter, abiOf(PAINT));
		assert.unreachable("unevaluatedProperties passed");
	} catch (cause) {
		assert.match(String(cause), 'unknown keyword: "unevaluatedProperties"');
	}
});

test("the project's validators import nothing but each other and call no require", async () => {
	const files = await emitText(validatorsEmitter, await projectAbi());
	const scripts = [...files].filter(([path]) => path.endsWith(".js"));
	assert.ok(scripts.length >= 8);
	for (const [path, text] of scripts) {
		assert.not.match(text, /^import .* from "(?!\.\.?\/[a-z/-]+\.js")|\brequire\(/m, path);
		assert.not.match(text, /\b(eval|new Function)\b/, path);
	}
});

test("the same input gives the same bytes", async () => {
	const abi = abiOf(SHAPES);
	assert.equal(await emitText(bare, abi), await emitText(bare, abi));
});

test.run();
