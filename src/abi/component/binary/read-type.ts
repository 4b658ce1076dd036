import { malformed } from "../../binary/byte-reader.ts";
import { isCoreItemSort, readSort } from "../../binary/sort.ts";
import type { ComponentReader } from "./component-reader.ts";
import type { Alias, Declaration, Extern, TypeDefinition, ValueRef } from "./definition.ts";
import { readCoreType } from "./read-core-type.ts";
import { quoted } from "./read-label.ts";
import { readLabelled, readValueRef, readValueType } from "./read-value-type.ts";

/** Deepest nesting of instance and component types. Interfaces have one level, worlds inside components three. */
const MAX_TYPE_NESTING = 16;

/** Reads a type definition. */
export function readType(reader: ComponentReader, depth = 0): TypeDefinition {
	const at = reader.position;
	const code = reader.u8();
	if (code === 0x40 || code === 0x43) {
		const params = readLabelled(reader);
		return { kind: "function", async: code === 0x43, params, result: readResult(reader) };
	}
	if (code === 0x42 || code === 0x41) {
		if (depth >= MAX_TYPE_NESTING) throw malformed(`its types are nested too deeply at byte ${at}`);
		const declarations = reader.list(() => readDeclaration(reader, depth, code === 0x41));
		return { kind: code === 0x42 ? "instance type" : "component type", declarations };
	}
	if (code === 0x3f) {
		reader.expect(0x7f, "the representation of a resource");
		return { kind: "resource", destructor: reader.optional(() => reader.u32()) };
	}
	const type = readValueType(reader, code, at);
	if (type === undefined) throw malformed(`a type of unknown form 0x${code.toString(16)} at byte ${at}`);
	return type;
}

function readResult(reader: ComponentReader): ValueRef | undefined {
	const at = reader.position;
	const form = reader.u8();
	if (form === 0) return readValueRef(reader);
	if (form !== 1) throw malformed(`a result of unknown form ${form} at byte ${at}`);
	reader.expect(0, "the number of named results");
	return undefined;
}

function readDeclaration(reader: ComponentReader, depth: number, mayImport: boolean): Declaration {
	const at = reader.position;
	const code = reader.u8();
	if (code === 0) return { kind: "core type", at, type: readCoreType(reader) };
	if (code === 1) return { kind: "type", at, type: readType(reader, depth + 1) };
	if (code === 2) return readAlias(reader);
	if (code === 3 && mayImport) return { kind: "import", at, name: readExternName(reader), extern: readExtern(reader) };
	if (code === 4) return { kind: "declared export", at, name: readExternName(reader), extern: readExtern(reader) };
	throw malformed(`a type declaration of unknown kind ${code} at byte ${at}`);
}

/** Reads an alias. */
export function readAlias(reader: ComponentReader): Alias {
	const at = reader.position;
	const sort = readSort(reader);
	const target = reader.u8();
	if (target === 0) return { kind: "alias export", at, sort, instance: reader.u32(), name: reader.text() };
	if (target === 1) {
		const instance = reader.u32();
		const name = reader.text();
		if (!isCoreItemSort(sort)) throw malformed(`an alias at byte ${at} takes a ${sort} from a core instance`);
		return { kind: "alias core export", at, sort, instance, name };
	}
	if (target !== 2) throw malformed(`an alias of unknown form ${target} at byte ${at}`);
	if (sort !== "type" && sort !== "component" && sort !== "core module" && sort !== "core type")
		throw malformed(`an alias at byte ${at} takes a ${sort} from an outer component`);
	return { kind: "alias outer", at, sort, depth: reader.u32(), index: reader.u32() };
}

/** Reads the type of an import or export. */
export function readExtern(reader: ComponentReader): Extern {
	const at = reader.position;
	const code = reader.u8();
	if (code === 0x00) {
		reader.expect(0x11, "the sort of a core import");
		return { kind: "core module", type: reader.u32() };
	}
	if (code === 0x01) return { kind: "function", type: reader.u32() };
	if (code === 0x02) throw malformed(`it uses a component value at byte ${at}, which this host does not support`);
	if (code === 0x03) {
		const bound = reader.u8();
		if (bound === 0) return { kind: "type", type: reader.u32() };
		if (bound === 1) return { kind: "resource" };
		throw malformed(`a type bound of unknown form ${bound} at byte ${at}`);
	}
	if (code === 0x04) return { kind: "component", type: reader.u32() };
	if (code === 0x05) return { kind: "instance", type: reader.u32() };
	throw malformed(`an import or export of unknown kind ${code} at byte ${at}`);
}

/** Reads the name of an import or export. Attributes are read and dropped: the host matches interfaces by name. */
export function readExternName(reader: ComponentReader): string {
	const at = reader.position;
	const form = reader.u8();
	if (form > 2) throw malformed(`a name of unknown form ${form} at byte ${at}`);
	const name = reader.text();
	if (name === "") throw malformed(`an empty name at byte ${at}`);
	if (form === 2)
		reader.list((where) => {
			const kind = reader.u8();
			if (kind > 2) throw malformed(`an attribute of unknown kind ${kind} of the name ${quoted(name)} at byte ${where}`);
			reader.text();
		});
	return name;
}
