/** The part of the header about one interface: constants, records and imports. */
import { hasTag } from "../../../model/abi.ts";
import { numbersOf } from "../../../model/core/build-core.ts";
import type { CommandImport, CoreAbi, CoreImport, PlainImport } from "../../../model/core/core-abi.ts";
import { packedRecord } from "../../../model/core/core-types.ts";
import type { AliasDef, EnumDef, FlagsDef, Interface, RecordDef, TypeDef } from "../../../model/model.ts";
import { docText } from "../../kit/doc-comment.ts";
import { type CNames, cIdentifier } from "./c-names.ts";
import { CTypes, isNumberAlias } from "./c-types.ts";
import { cComment, cSignature } from "./layout.ts";

export class Declarations {
	readonly #abi: CoreAbi;
	readonly #names: CNames;
	readonly #types: CTypes;

	constructor(abi: CoreAbi, names: CNames) {
		this.#abi = abi;
		this.#names = names;
		this.#types = new CTypes(names);
	}

	section(iface: Interface): string {
		const imports = this.#abi.interfaces.find((each) => each.interface === iface)?.imports ?? [];
		const parts = [...iface.types.map((def) => this.#type(def)), ...imports.map((each) => this.#import(each, iface))];
		return `${banner(docText(iface))}\n${parts.filter((part) => part !== "").join("\n")}\n`;
	}

	#type(def: TypeDef): string {
		switch (def.kind) {
			case "alias":
				return this.#alias(def);
			case "enum":
			case "flags":
				return this.#constants(def);
			case "record":
				return this.#record(def);
			default:
				return "";
		}
	}

	#alias(def: AliasDef): string {
		if (!isNumberAlias(def)) return "";
		return `${cComment(docText(def))}typedef ${this.#types.number(def.type)} ${this.#names.lower(def.name)};\n`;
	}

	#constants(def: EnumDef | FlagsDef): string {
		const isErrno = def === this.#abi.errno;
		const name = isErrno ? this.#names.lower(def.name) : this.#names.lower(def.owner.name, def.name);
		const members = numbersOf(def).map((member) => {
			const constant = isErrno ? this.#names.upper(member.name) : this.#names.member(def, member);
			return `${cComment(docText(member), "\t")}\t${constant} = ${member.number},\n`;
		});
		return `${cComment(docText(def))}enum ${name} {\n${members.join("")}};\n`;
	}

	/** Records that cross as JSON have no type in C. */
	#record(def: RecordDef): string {
		const packed = hasTag(def, "packed") ? packedRecord(def) : undefined;
		if (packed === undefined || "fault" in packed) return "";
		const name = this.#names.lower(def.owner.name, def.name);
		const members = def.fields.map(
			(field) => `${cComment(docText(field), "\t")}\t${this.#types.number(field.type)} ${cIdentifier(field.name)};\n`,
		);
		const assert = (condition: string, words: string): string => `${this.#names.upper("static_assert")}(${condition}, "${words}");\n`;
		const offsets = def.fields.map((field, index) =>
			assert(
				`offsetof(${name}, ${cIdentifier(field.name)}) == ${packed.members[index]?.offset ?? 0}`,
				`offset of ${name}.${cIdentifier(field.name)}`,
			),
		);
		return `${cComment(docText(def))}typedef struct ${name} {\n${members.join("")}} ${name};\n${assert(`sizeof(${name}) == ${packed.size}`, `size of ${name}`)}${offsets.join("")}`;
	}

	#import(each: CoreImport, iface: Interface): string {
		return each.kind === "plain" ? this.#plain(each) : this.#commands(each, iface);
	}

	#plain(each: PlainImport): string {
		const { call } = each;
		const limits = call.params.flatMap((param) => ("maxBytes" in param && param.maxBytes !== undefined ? [param.maxBytes] : []));
		const limit = limits
			.map((bytes) => `/** Most bytes that the import takes. */\n#define ${this.#names.upper(each.name)}_MAX_BYTES ${bytes}\n\n`)
			.join("");
		const head = `${this.#types.result(call)} ${this.#names.lower(each.name)}`;
		return `${limit}${cComment(docText(call.func))}${this.#attribute(each)}\n${cSignature(head, this.#types.params(call))};\n`;
	}

	#commands(each: CommandImport, { name }: Interface): string {
		const numbers = each.commands.map(
			({ func, number }) => `${cComment(docText(func), "\t")}\t${this.#names.upper(each.name, func.name)} = ${number},\n`,
		);
		const params = ["int32_t fd", "int32_t command", "void *argument", "uint32_t *argument_length"];
		const doc = `Runs a command of \`${name}\`. Argument and answer are JSON in one place. \`argument_length\` is the length of the argument, or the
room for the answer and afterwards its length.`;
		const lower = this.#names.lower(each.name);
		return `/** Commands of \`${lower}\`. */\nenum ${lower}_command {\n${numbers.join("")}};\n\n${cComment(doc)}${this.#attribute(each)}\n${cSignature(`int32_t ${lower}`, params)};\n`;
	}

	#attribute({ module, name }: CoreImport): string {
		return `${this.#names.upper("import")}("${module}", "${name}")`;
	}
}

/** A comment over a part of the header. */
function banner(text: string): string {
	const lines = text
		.replaceAll("*/", "*\\/")
		.split("\n")
		.map((line) => ` * ${line}`.trimEnd());
	return `/* ${"-".repeat(74)}\n${lines.join("\n")}\n * ${"-".repeat(74)} */\n`;
}
