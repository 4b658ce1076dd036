import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseComponent } from "../../../../src/abi/component/binary/parse-component.ts";
import { component, section, text, vectorOf } from "../../../helpers/wasm-bytes.ts";

test("definitions are read in their order, each with its byte", () => {
	const bytes = component(
		section(
			7,
			vectorOf([
				[
					0x72,
					...vectorOf([
						[...text("a"), 0x7d],
						[...text("b"), 0],
					]),
				],
				[0x40, 1, ...text("x"), 0x73, 0, 0x7f],
			]),
		),
		section(10, vectorOf([[0, ...text("a:b/c"), 5, 2]])),
		section(
			6,
			vectorOf([
				[1, 0, 0, ...text("f")],
				[0, 2, 1, 3, ...text("m")],
				[3, 2, 1, 4],
			]),
		),
		section(
			8,
			vectorOf([
				[1, 0, 5, 2, 0, 3, 6],
				[0, 0, 1, 1, 4, 2, 3],
				[3, 0],
			]),
		),
		section(
			2,
			vectorOf([
				[0, 4, 1, ...text("x"), 0x12, 5],
				[1, 1, ...text("y"), 2, 6],
			]),
		),
		section(
			5,
			vectorOf([
				[0, 1, 1, ...text("z"), 1, 2],
				[1, 1, 0, ...text("w"), 5, 3],
			]),
		),
		section(11, vectorOf([[0, ...text("run"), 1, 2, 1, 1, 3]])),
	);
	const definitions = parseComponent(bytes).definitions.map(({ at, ...definition }) => definition);
	assert.equal(definitions, [
		{
			kind: "type",
			type: {
				kind: "record",
				fields: [
					{ name: "a", type: { primitive: "u8" } },
					{ name: "b", type: { index: 0 } },
				],
			},
		},
		{
			kind: "type",
			type: { kind: "function", async: false, params: [{ name: "x", type: { primitive: "string" } }], result: { primitive: "bool" } },
		},
		{ kind: "import", name: "a:b/c", extern: { kind: "instance", type: 2 } },
		{ kind: "alias export", sort: "function", instance: 0, name: "f" },
		{ kind: "alias core export", sort: "core memory", instance: 3, name: "m" },
		{ kind: "alias outer", sort: "type", depth: 1, index: 4 },
		{ kind: "lower", function: 5, options: { memory: 6 } },
		{ kind: "lift", core: 1, options: { realloc: 2 }, type: 3 },
		{ kind: "resource.drop", resource: 0 },
		{ kind: "core instantiate", module: 4, args: [{ name: "x", instance: 5 }] },
		{ kind: "core inline instance", exports: [{ name: "y", sort: "core memory", index: 6 }] },
		{ kind: "instantiate", component: 1, args: [{ name: "z", sort: "function", index: 2 }] },
		{ kind: "inline instance", exports: [{ name: "w", sort: "instance", index: 3 }] },
		{ kind: "export", name: "run", sort: "function", index: 2, extern: { kind: "function", type: 3 } },
	]);
	assert.equal(
		parseComponent(bytes).definitions.map(({ at }) => bytes[at]),
		[0x72, 0x40, 0, 1, 0, 3, 1, 0, 3, 0, 1, 0, 1, 0],
	);
});

test("a component with the asynchronous ABI is refused with what to build instead, one with threads without it", () => {
	const canon = (...bytes: number[]) => component(section(8, vectorOf([bytes])));
	const remedy = "build it without the asynchronous ABI (with componentize-qjs: `--sync`)";
	const refusal = (bytes: Uint8Array): string => {
		try {
			parseComponent(bytes);
			return "";
		} catch (cause) {
			return cause instanceof Error ? cause.message : "";
		}
	};
	assert.match(refusal(canon(0x05)), `it uses task.cancel at byte 11, which this host does not support; ${remedy}`);
	assert.match(
		refusal(canon(0x00, 0x00, 0, 1, 0x06, 0)),
		`it uses the canonical option async at byte 15, which this host does not support; ${remedy}`,
	);
	assert.ok(refusal(canon(0x26)).endsWith("it uses thread.index at byte 11, which this host does not support"));
});

test.run();
