import { malformed } from "../../binary/byte-reader.ts";
import type { ComponentReader } from "./component-reader.ts";
import type { CoreType } from "./definition.ts";

/** Reads a core type: a function type or a module type. The engine checks signatures, so that only the form is kept. */
export function readCoreType(reader: ComponentReader, inModuleType = false): CoreType {
	const at = reader.position;
	const code = reader.u8();
	if (code === 0x60) {
		reader.list(() => skipValueType(reader));
		reader.list(() => skipValueType(reader));
		return "function";
	}
	if (code === 0x50 && !inModuleType) {
		reader.list(() => skipModuleDeclaration(reader));
		return "module";
	}
	throw malformed(`a core type of form 0x${code.toString(16)} at byte ${at}, which this host does not support`);
}

function skipModuleDeclaration(reader: ComponentReader): void {
	const at = reader.position;
	const code = reader.u8();
	if (code === 0) {
		reader.text();
		reader.text();
		skipExternType(reader);
	} else if (code === 1) readCoreType(reader, true);
	else if (code === 2) {
		reader.expect(0x10, "the sort of an alias in a module type");
		reader.expect(0x01, "the target of an alias in a module type");
		reader.u32();
		reader.u32();
	} else if (code === 3) {
		reader.text();
		skipExternType(reader);
	} else throw malformed(`a declaration of unknown kind ${code} in a module type at byte ${at}`);
}

function skipExternType(reader: ComponentReader): void {
	const at = reader.position;
	const code = reader.u8();
	if (code === 0) reader.u32();
	else if (code === 1) {
		skipValueType(reader);
		skipLimits(reader);
	} else if (code === 2) skipLimits(reader);
	else if (code === 3) {
		skipValueType(reader);
		reader.u8();
	} else if (code === 4) {
		reader.expect(0, "the attribute of a tag");
		reader.u32();
	} else throw malformed(`a core item of unknown kind ${code} at byte ${at}`);
}

function skipLimits(reader: ComponentReader): void {
	const at = reader.position;
	const flags = reader.u8();
	if (flags > 1) throw malformed(`a shared or 64-bit memory or table at byte ${at}, which this host does not support`);
	reader.u32();
	if (flags === 1) reader.u32();
}

function skipValueType(reader: ComponentReader): void {
	const type = reader.u8();
	if (type === 0x63 || type === 0x64) reader.skipLeb();
}
