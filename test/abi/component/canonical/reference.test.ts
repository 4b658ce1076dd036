import { deepStrictEqual } from "node:assert/strict";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { layoutOf as generatedLayout } from "../../../../codegen/emit/kit/lowering/layout.ts";
import { CallContext, ComponentState, GuestState, type InterfaceLowering } from "../../../../generated/abi/component/lowering/runtime.ts";
import { discriminantSize, layoutOf } from "../../../../src/abi/component/canonical/layout.ts";
import { FlatValues, Lifter } from "../../../../src/abi/component/canonical/lift.ts";
import { Lowerer } from "../../../../src/abi/component/canonical/lower.ts";
import type { ValueType } from "../../../../src/abi/component/plan/plan.ts";
import { abiOf } from "../../../helpers/codegen.ts";
import { generateLowering } from "../../../helpers/generated-lowering.ts";
import { coreOf, HEAP_AT, readTable, shaped, type TableType, VALUE_AT } from "../../../helpers/reference-table.ts";

const table = readTable();
const MAX_FLAT = 16;

/** A guest whose memory is as the table says, or empty. */
class TableGuest {
	readonly memory = { buffer: new ArrayBuffer(65_536) };
	readonly context: CallContext;
	#end = HEAP_AT;

	constructor(parts: readonly (readonly [at: number, hex: string])[] = []) {
		for (const [at, hex] of parts) new Uint8Array(this.memory.buffer).set(Buffer.from(hex, "hex"), at);
		const component = new ComponentState(new GuestState({ maxBytes: 1e6, maxItems: 1e6, maxHandles: 10 }));
		this.context = new CallContext(component, this.memory, (_pointer, _size, alignment, size) => {
			const at = Math.ceil(this.#end / alignment) * alignment;
			this.#end = at + size;
			return at;
		});
		component.guest.grant();
		this.context.refresh();
	}

	bytes(at: number, hex: string): string {
		return Buffer.from(this.memory.buffer, at, hex.length / 2).toString("hex");
	}

	get heapBytes(): number {
		return this.#end - HEAP_AT;
	}
}

const noResource = (): never => {
	throw new Error("the table has no handles");
};

for (const { type, size, alignment, flat, values } of table.types) {
	const name = JSON.stringify(type).slice(0, 100);
	test(`the interpreter lays out, stores and loads ${name} as the reference`, () => {
		const layout = layoutOf(type);
		assert.equal([layout.size, layout.alignment], [size, alignment]);
		assert.equal(layout.flat.slice(0, MAX_FLAT), flat.slice(0, MAX_FLAT));
		for (const { value, memory, heap, core, coreHeap } of values) {
			const wanted = shaped(type, value, "interpreter");
			const stored = new TableGuest();
			new Lowerer(stored.context, noResource).store(type, VALUE_AT, wanted);
			assert.is(stored.bytes(VALUE_AT, memory), memory);
			assert.is(stored.bytes(HEAP_AT, heap), heap);
			assert.is(stored.heapBytes, heap.length / 2);
			const loaded = new TableGuest([
				[VALUE_AT, memory],
				[HEAP_AT, heap],
			]);
			deepStrictEqual(new Lifter(loaded.context, noResource).load(type, VALUE_AT), wanted);
			if (flat.length > MAX_FLAT) continue;
			const cores = core.map((text, index) => coreOf(text, flat[index] ?? "i32"));
			const lifted = new TableGuest([[HEAP_AT, coreHeap]]);
			deepStrictEqual(new Lifter(lifted.context, noResource).flat(type, new FlatValues(cores)), wanted);
			const lowered = new TableGuest();
			deepStrictEqual(new Lowerer(lowered.context, noResource).flat(type, wanted).map(bitsOf(flat)), cores.map(bitsOf(flat)));
			assert.is(lowered.bytes(HEAP_AT, coreHeap), coreHeap);
		}
	});
}

/** Core values as bits: the API converts them where it passes them. */
function bitsOf(flat: TableType["flat"]): (value: unknown, index: number) => unknown {
	return (value, index) => {
		const type = flat[index];
		if (type === "i64") return BigInt.asUintN(64, BigInt(String(value)));
		return type === "i32" ? Number(value) >>> 0 : type === "f32" ? Math.fround(Number(value)) : value;
	};
}

class WitText {
	readonly #definitions: string[] = [];

	/** Returns the type as WIT refers to it. */
	of(type: ValueType): string {
		switch (type.kind) {
			case "list":
				return `list<${this.of(type.element)}>`;
			case "option":
				return `option<${this.of(type.some)}>`;
			case "tuple":
				return `tuple<${type.items.map((item) => this.of(item)).join(", ")}>`;
			case "result": {
				if (type.err === undefined) return type.ok === undefined ? "result" : `result<${this.of(type.ok)}>`;
				return `result<${type.ok === undefined ? "_" : this.of(type.ok)}, ${this.of(type.err)}>`;
			}
			case "record":
				return this.#define(
					"record",
					type.fields.map((field) => `${field.name}: ${this.of(field.type)}`),
				);
			case "variant":
				return this.#define(
					"variant",
					type.cases.map((each) => (each.type === undefined ? each.name : `${each.name}(${this.of(each.type)})`)),
				);
			case "enum":
			case "flags":
				return this.#define(type.kind, type.names);
			default:
				return type.kind;
		}
	}

	#define(kind: string, parts: readonly string[]): string {
		const name = `t${this.#definitions.length}`;
		this.#definitions.push(`${kind} ${name} { ${parts.join(", ")} }`);
		return name;
	}

	get definitions(): string {
		return this.#definitions.join("\n");
	}
}

function witOfTable(): string {
	const wit = new WitText();
	const functions = table.types.flatMap(({ type }, index) => [
		`take${index}: func(p: ${wit.of(type)});`,
		`make${index}: func() -> ${wit.of(type)};`,
	]);
	return `package test:table@1.0.0;\ninterface all {\n${wit.definitions}\n${functions.join("\n")}\n}\nworld w { import all; export run: func(); }\n`;
}

const wit = witOfTable();

test("codegen lays out all types as the reference", () => {
	const [all] = abiOf(wit).model.main.interfaces;
	for (const [index, { size, alignment, flat }] of table.types.entries()) {
		const type = all?.functions.find(({ name }) => name === `take${index}`)?.params[0]?.type;
		if (type === undefined) throw new Error(`there is no function take${index}`);
		assert.equal(generatedLayout(type), { size, alignment, flat });
	}
});

test("the generated lowering lifts arguments and lowers results of all types as the reference", async () => {
	const { interfaces } = await generateLowering(wit);
	const [all] = interfaces;
	if (all === undefined) throw new Error("nothing was generated");
	for (const [index, row] of table.types.entries()) compareGenerated(all, index, row);
});

function compareGenerated({ functions }: InterfaceLowering, index: number, { type, flat, values }: TableType): void {
	const take = functions[`take${index}`];
	const make = functions[`make${index}`];
	if (take === undefined || make === undefined) throw new Error(`there are no functions for type ${index}`);
	for (const { value, memory, heap, core, coreHeap } of values) {
		const wanted = shaped(type, value, "host");
		const spilled = flat.length > MAX_FLAT;
		const caller = new TableGuest(
			spilled
				? [
						[VALUE_AT, memory],
						[HEAP_AT, heap],
					]
				: [[HEAP_AT, coreHeap]],
		);
		let received: unknown;
		const target = (passed: unknown): void => {
			received = passed;
		};
		const args = spilled ? [VALUE_AT] : core.map((text, at) => coreOf(text, flat[at] ?? "i32"));
		Reflect.apply(take.lower(caller.context, { target }), undefined, args);
		deepStrictEqual(received, wanted);

		const answered = new TableGuest();
		const answer = make.lower(answered.context, { target: () => wanted });
		if (flat.length > 1) {
			Reflect.apply(answer, undefined, [VALUE_AT]);
			assert.is(answered.bytes(VALUE_AT, memory), memory);
			assert.is(answered.bytes(HEAP_AT, heap), heap);
		} else {
			const returned: unknown = Reflect.apply(answer, undefined, []);
			deepStrictEqual([returned].map(bitsOf(flat)), core.map((text, at) => coreOf(text, flat[at] ?? "i32")).map(bitsOf(flat)));
		}
	}
}

test("discriminants have the reference's size up to 65,537 cases", () => {
	for (const { cases, enumSize, enumAlignment, variantSize, variantAlignment } of table.discriminants) {
		const names = Array.from({ length: cases }, (_, index) => `n${index}`);
		const asEnum = layoutOf({ kind: "enum", names });
		const asVariant = layoutOf({
			kind: "variant",
			cases: names.map((name, index) => (index === 0 ? { name, type: { kind: "u64" } } : { name })),
		});
		assert.equal(
			[asEnum.size, asEnum.alignment, asVariant.size, asVariant.alignment],
			[enumSize, enumAlignment, variantSize, variantAlignment],
		);
		assert.is(discriminantSize(cases), enumSize);
	}
});

test("characters and strings trap where the reference traps", () => {
	const traps = (act: () => unknown): boolean => {
		try {
			act();
			return false;
		} catch {
			return true;
		}
	};
	for (const [code, isTrap] of table.characters)
		assert.is(
			traps(() => new TableGuest().context.character(code)),
			isTrap,
			`U+${code.toString(16)}`,
		);
	for (const [bytes, isTrap] of table.texts) {
		const guest = new TableGuest([[256, bytes]]);
		assert.is(
			traps(() => guest.context.text(256, bytes.length / 2)),
			isTrap,
			bytes,
		);
		const long = new TableGuest([[256, `${"61".repeat(40)}${bytes}`]]);
		assert.is(
			traps(() => long.context.text(256, 40 + bytes.length / 2)),
			isTrap,
			`${bytes} behind letters`,
		);
	}
});

test.run();
