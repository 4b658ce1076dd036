/** The section of the page about one type: numbers, the layout of a packed record, or the members of JSON. */
import { hasTag } from "../../../model/abi.ts";
import { numbersOf } from "../../../model/core/build-core.ts";
import { jsonRecord, packedRecord } from "../../../model/core/core-types.ts";
import type { RecordDef, TypeDef } from "../../../model/model.ts";
import { snakeCase } from "../../../model/names/spelling.ts";
import { markdownTable } from "../../kit/markdown-table.ts";
import { jsonText } from "./import-section.ts";

export function coreTypeSection(def: TypeDef): string {
	const heading = `### ${def.kind} \`${def.name}\`\n\n${def.docs.text}\n`;
	if (def.kind === "enum" || def.kind === "flags") {
		const rows = numbersOf(def).map(({ name, number, docs }) => [String(number), `\`${name}\``, docs.text]);
		return `${heading}\n${markdownTable(["Number", def.kind === "enum" ? "Case" : "Flag", "Meaning"], rows)}`;
	}
	return def.kind === "record" ? `${heading}\n${recordTable(def)}` : "";
}

function recordTable(def: RecordDef): string {
	const packed = hasTag(def, "packed") ? packedRecord(def) : undefined;
	if (packed !== undefined && !("fault" in packed)) {
		const rows = packed.members.map(({ name, type, offset }, index) => [
			String(offset),
			`\`${type}\``,
			`\`${name}\``,
			def.fields[index]?.docs.text ?? "",
		]);
		return markdownTable(["Byte", "Type", "Member", "Meaning"], rows);
	}
	const json = jsonRecord(def);
	if (!("record" in json)) return "";
	const rows = def.fields.map((field) => {
		const member = json.record.members.find(({ name }) => name === snakeCase(field.name));
		if (member === undefined) return [];
		const absent = member.isNullable ? "or `null`" : "may be absent";
		return [`\`${member.name}\``, jsonText(member.type), member.isOptional ? absent : "", field.docs.text];
	});
	return markdownTable(["Member", "Value", "", "Meaning"], rows);
}
