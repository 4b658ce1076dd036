/** The target `ir`: types of values as JSON holds them, and validators that find what ajv finds by the schemas of the same package. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { generalIr } from "../../../codegen/emit/ir/general.ts";
import { generalSchema } from "../../../codegen/emit/schema/general.ts";
import { GeneratedFiles } from "../../helpers/codegen.ts";
import { emitTarget, modelOf, witDirectory } from "../../helpers/general-targets.ts";
import { faultsBy, judgeValidators } from "../../helpers/judge-validators.ts";

const test = suite("types and validators of values in JSON");

const SHOP = `package my:shop@1.0.0;

interface goods {
	use other:base/types@2.0.0.{price};
	resource shelf;
	/// A case may be named as the member that tells the cases.
	variant kind { %type(string), code(u16), none }
	/// A case may be named as a member that every object has.
	variant part { %constructor(u8), property }
	enum colour { dark-red, blue }
	flags wishes { gift-wrapped, express }
	type serial = u64;
	record item {
		/// @pattern [ is no expression
		/// @range 1..3
		/// @integer
		name: string,
		serial: serial,
		change: s64,
		price: price,
		kind: kind,
		colour: option<colour>,
		wishes: wishes,
		picture: list<u8>,
		weights: list<f32>,
		%constructor: option<option<bool>>,
		labels: map<string, list<u64>>,
		place: tuple<u8, result<f64, char>>,
	}
	record held { shelf: borrow<shelf>, item: item }
	type holders = list<held>;
}

/// Sells.
world stall {
	use goods.{item};
	record receipt { items: list<item>, total: u64 }
	import till: interface {
		record coin { cents: u8 }
		pay: func(coins: list<coin>) -> bool;
	}
	import other:base/clock@2.0.0;
	export sell: func(item: item) -> receipt;
}
`;

const BASE = `package other:base@2.0.0;
interface types {
	record currency { code: string }
	record price { amount: u32, currency: currency }
	record unrelated { a: u8 }
}
interface clock {
	record moment { seconds: u64 }
	now: func() -> moment;
}
interface unused {
	record lost { a: u8 }
}
`;

function shopDirectory(): string {
	const directory = witDirectory(SHOP);
	mkdirSync(join(directory, "deps/base"), { recursive: true });
	writeFileSync(join(directory, "deps/base/types.wit"), BASE);
	return directory;
}

const model = await modelOf(shopDirectory());
const { files, findings } = await emitTarget(generalIr, model);
const { files: schemas } = await emitTarget(generalSchema, model);
const schemaTexts = new Map([...schemas].map(([path, text]) => [path.slice("schema/".length, -".schema.json".length), text]));
const generated = await GeneratedFiles.write(files);
test.after(() => generated.remove());

const ITEM = {
	name: "näil",
	serial: "18446744073709551615",
	change: "-9223372036854775808",
	price: { amount: 5, currency: { code: "EUR" } },
	kind: { type: "type", type_: "soft" },
	wishes: ["express"],
	picture: "AAk=",
	weights: [0.5],
	labels: { a: ["0"] },
	place: [1, { err: "é" }],
};

async function validator(module: string, name: string): Promise<(value: unknown) => string[]> {
	return faultsBy((await generated.load(`ir/validate/${module}.js`))[name], `${module} ${name}`);
}

test("interfaces, worlds, interfaces in worlds, and types of other packages have modules", () => {
	assert.equal([...schemaTexts.keys()].sort(), ["goods", "other-base-clock", "other-base-types", "stall", "stall-till"]);
	assert.equal([...files.keys()].filter((path) => /^ir\/[^/]+\.ts$/.test(path)).sort(), [
		"ir/goods.ts",
		"ir/other-base-clock.ts",
		"ir/other-base-types.ts",
		"ir/stall-till.ts",
		"ir/stall.ts",
	]);
	assert.equal(Object.keys(JSON.parse(schemaTexts.get("other-base-types") ?? "").$defs), ["Currency", "Price"]);
	assert.match(files.get("ir/stall.ts") ?? "", "\titems: goods.Item[];\n");
});

test("types with handles have no form, and both targets say so in the same words", async () => {
	assert.equal(
		findings.filter(({ code }) => code === "no-json-form").map(({ message, span }) => [message, span.line]),
		[["the JSON form of `goods` has no `shelf`, `held`, `holders`: they have no form in JSON", 3]],
	);
	const patterns = findings.filter(({ code }) => code !== "no-json-form");
	assert.equal(
		patterns.map(({ code, span }) => [code, span.line]),
		[["slow-pattern", 14]],
	);
	assert.match(patterns[0]?.message ?? "", "`@pattern [ is no expression` of field `item.name` is left out");
	assert.equal((await emitTarget(generalSchema, model)).findings, findings);
});

test("a validator accepts values of its type, and names each fault with its place", async () => {
	const isItem = await validator("goods", "isItem");
	assert.equal(isItem(ITEM), []);
	assert.equal(isItem({ ...ITEM, constructor: null, colour: "dark_red", kind: { type: "none" } }), []);
	assert.equal(isItem({ ...ITEM, kind: { type: "soft", soft: "soft" } }), ['/kind discriminator: value of tag "type" must be in oneOf']);
	assert.equal(isItem({ ...ITEM, price: { amount: -1, currency: {} } }), [
		"/price/amount minimum: must be >= 0",
		"/price/currency required: must have required property 'code'",
	]);
	const isPart = await validator("goods", "isPart");
	assert.equal(isPart({ type: "constructor", constructor: 3 }), []);
	assert.equal(isPart({ type: "constructor" }), [" required: must have required property 'constructor'"]);
	const isReceipt = await validator("stall", "isReceipt");
	assert.equal(isReceipt({ items: [ITEM], total: "0" }), []);
	assert.equal(isReceipt({ items: [], total: 0 }), ["/total type: must be string"]);
});

test("64-bit integers are decimal text within their bounds", async () => {
	const isSerial = await validator("goods", "isSerial");
	const isItem = await validator("goods", "isItem");
	const accepts = (value: string): boolean => isSerial(value).length === 0;
	const acceptsChange = (change: string): boolean => isItem({ ...ITEM, change }).length === 0;
	const near = (limit: bigint) => fc.bigInt({ min: limit - 1000n, max: limit + 1000n });
	const integers = fc.oneof(
		fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }),
		near(0n),
		near(2n ** 64n),
		near(2n ** 63n),
		near(-(2n ** 63n)),
	);
	fc.assert(
		fc.property(integers, (value) => {
			assert.is(accepts(String(value)), value === BigInt.asUintN(64, value), String(value));
			assert.is(acceptsChange(String(value)), value === BigInt.asIntN(64, value), String(value));
		}),
		{ numRuns: 500 },
	);
	for (const text of ["", "-0", "00", "01", "+1", "1.0", "1e3", "0x1", " 1", "1\n"])
		assert.not.ok(accepts(text) || acceptsChange(text), text);
});

test("every validator finds what ajv finds by the schema", async () => {
	const { validators, faults } = await judgeValidators(schemaTexts, (module) => generated.load(`ir/validate/${module}.js`), 100);
	assert.is(validators, 11);
	assert.ok(faults > 100, "faults were found");
});

test("values that the types allow are those that the validators accept, and all compiles", async () => {
	const uses = `import type { Item, Kind } from "./ir/goods.ts";
import { isItem } from "./ir/validate/goods.js";
import { isReceipt } from "./ir/validate/stall.js";

const kind: Kind = { type: "type", type_: "soft" };
const item: Item = { name: "n", constructor: null, serial: \`\${5n}\`, change: "-1", price: { amount: 1, currency: { code: "EUR" } }, kind, wishes: ["gift_wrapped"], picture: "", weights: [], labels: {}, place: [1, { ok: 2 }] };
const given: unknown = JSON.parse(JSON.stringify(item));
export const names: string[] = isReceipt(given) ? given.items.map(({ name }) => name) : isItem(given) ? [given.name] : [];
export const reasons = isItem.errors?.map(({ instancePath }) => instancePath);
`;
	await generated.add(new Map([["uses.ts", uses]]));
	assert.is(await generated.typeErrors(), "");
	const { names } = await generated.load("uses.ts");
	assert.equal(names, ["n"]);
});

test("a package without values has no files", async () => {
	const { files: none } = await emitTarget(generalIr, await modelOf(witDirectory("package a:b; interface i { f: func(); }")));
	assert.equal([...none.keys()], []);
});

test.run();
