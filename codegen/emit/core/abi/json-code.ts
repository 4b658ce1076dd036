/** Functions of a file of bindings that read and write JSON and packed records. Asking for one adds it, once. */
import type { JsonMember, JsonRecord, JsonType, NumberName, PackedRecord } from "../../../model/core/core-abi.ts";
import type { RecordDef } from "../../../model/model.ts";
import { camelCase } from "../../../model/names/spelling.ts";
import { typeName } from "../../../model/names/type-names.ts";
import type { Imports } from "../../kit/imports.ts";
import { delimited, tabs } from "../../kit/layout.ts";
import type { CoreTypes } from "../type-text.ts";

const RUNTIME = "./runtime.ts";

/** Bounds of whole numbers, both included. */
const BOUNDS: { readonly [name in NumberName]?: readonly [least: string, most: string] } = {
	u8: ["0", "0xff"],
	u16: ["0", "0xffff"],
	u32: ["0", "0xffff_ffff"],
	s8: ["-0x80", "0x7f"],
	s16: ["-0x8000", "0x7fff"],
	s32: ["-0x8000_0000", "0x7fff_ffff"],
};

const SETTERS: { readonly [name in NumberName]: string } = {
	u8: "setUint8",
	s8: "setInt8",
	u16: "setUint16",
	s16: "setInt16",
	u32: "setUint32",
	s32: "setInt32",
	u64: "setBigUint64",
	s64: "setBigInt64",
	f32: "setFloat32",
	f64: "setFloat64",
};

export class JsonCode {
	readonly #imports: Imports;
	readonly #types: CoreTypes;
	readonly #readers = new Map<RecordDef, string>();
	readonly #writers = new Map<RecordDef, string>();
	readonly #packed = new Map<RecordDef, string>();
	readonly #functions: string[] = [];

	constructor(imports: Imports, types: CoreTypes) {
		this.#imports = imports;
		this.#types = types;
	}

	/** The functions, each after those that it calls. */
	toString(): string {
		return this.#functions.join("\n");
	}

	/** An expression for the value that an expression of JSON holds, or undefined. */
	read(type: JsonType, value: string): string {
		switch (type.kind) {
			case "any":
				return value;
			case "record":
				return `${this.#reader(type.record)}(${value})`;
			case "number": {
				const bounds = BOUNDS[type.name];
				return bounds === undefined
					? `${this.#runtime("numberOf")}(${value})`
					: `${this.#runtime("integerOf")}(${value}, ${bounds.join(", ")})`;
			}
			case "list": {
				const element = this.read(type.element, "element");
				const call = /^(\w+)\(element\)$/.exec(element);
				return `${this.#runtime("listOf")}(${value}, ${call?.[1] ?? `(element) => ${element}`})`;
			}
			default:
				return `${this.#runtime(`${type.kind}Of`)}(${value})`;
		}
	}

	/** An expression for the JSON of a value. */
	write(type: JsonType, value: string): string {
		if (type.kind === "record") return `${this.#writer(type.record)}(${value})`;
		if (type.kind !== "list" || !holdsRecord(type)) return value;
		const element = this.write(type.element, "element");
		const call = /^(\w+)\(element\)$/.exec(element);
		return `${value}.map(${call?.[1] ?? `(element) => ${element}`})`;
	}

	/** The function that writes a packed record. */
	packed(record: PackedRecord): string {
		const { def, members } = record;
		return this.#function(this.#packed, def, `write${typeName(def)}`, (name) => {
			const lines = members.map((member) => {
				const at = member.offset === 0 ? "at" : `at + ${member.offset}`;
				const order = member.type.endsWith("8") ? "" : ", true";
				return `\tview.${SETTERS[member.type]}(${at}, value.${member.name}${order});\n`;
			});
			const head = `function ${name}(view: DataView, at: number, value: ${this.#types.record(def)}): void {\n`;
			return `/** Writes \`${def.name}\`: ${record.size} bytes. */\n${head}${lines.join("")}}\n`;
		});
	}

	#reader(record: JsonRecord): string {
		const { def, members } = record;
		return this.#function(this.#readers, def, `read${typeName(def)}`, (name) => {
			const scope = this.#imports.scope.inner(["object", "value"]);
			const type = this.#types.record(def);
			const lines = [`const object = ${this.#runtime("objectOf")}(value);`, "if (object === undefined) return undefined;"];
			const items = members.map((member) => {
				const value = this.read(member.type, `object.${member.name}`);
				if (member.isOptional) return `${member.name}: ${value}`;
				const local = scope.take(camelCase(member.name));
				lines.push(`const ${local} = ${value};`, `if (${local} === undefined) return undefined;`);
				return local === member.name ? local : `${member.name}: ${local}`;
			});
			lines.push(delimited("return {", items, "};", 1, " "));
			const json = this.#imports.type("JsonValue", "../../ir/json.ts");
			return `/** Reads \`${def.name}\`. ${this.#leniency(members)} */
function ${name}(value: ${json} | undefined): ${type} | undefined {
${lines.map((line) => `\t${line}\n`).join("")}}
`;
		});
	}

	#leniency(members: readonly JsonMember[]): string {
		const optional = "An optional member of another type counts as absent.";
		if (members.every((member) => member.isOptional)) return optional;
		return `${members.some((member) => member.isOptional) ? `${optional} ` : ""}Undefined: a member is missing.`;
	}

	#writer(record: JsonRecord): string {
		const { def, members } = record;
		return this.#function(this.#writers, def, `${camelCase(def.name)}Json`, (name) => {
			const items = members.map((member) => {
				const value = `value.${member.name}`;
				const written = this.write(member.type, value);
				if (!member.isOptional) return `${member.name}: ${written}`;
				const absent = member.isNullable ? "null" : "undefined";
				if (written === value) return `${member.name}: ${value}${member.isNullable ? " ?? null" : ""}`;
				return `${member.name}: ${value} === undefined ? ${absent} : ${written}`;
			});
			const returned = delimited("return {", items, "};", 1, " ");
			return `/** The JSON of \`${def.name}\`. */\nfunction ${name}(value: ${this.#types.record(def)}): object {\n${tabs(1)}${returned}\n}\n`;
		});
	}

	#function(known: Map<RecordDef, string>, def: RecordDef, wanted: string, text: (name: string) => string): string {
		const before = known.get(def);
		if (before !== undefined) return before;
		const name = this.#imports.scope.take(wanted);
		known.set(def, name);
		this.#functions.push(text(name));
		return name;
	}

	#runtime(name: string): string {
		return this.#imports.value(name, RUNTIME);
	}
}

function holdsRecord(type: JsonType): boolean {
	return type.kind === "record" || (type.kind === "list" && holdsRecord(type.element));
}
