import { ByteReader, malformed, requirePlainName } from "../../binary/byte-reader.ts";
import { type CoreInterface, readCoreInterface } from "../../binary/core-interface.ts";
import { inspectCoreModule } from "../../binary/core-module.ts";
import { isComponent, PREAMBLE_BYTES, requireComponent } from "../../binary/preamble.ts";
import { type InstanceMembers, readAlias, readExtern, readExternName, readType } from "./component-type.ts";

/** An interface that a component imports from its host. */
export interface ImportedInterface extends InstanceMembers {
	/** Name with version, e.g. `spear:ai/cchat@0.1.0`. */
	readonly name: string;
}

/** Imports and exports of a component, read from its bytes without running any code. */
export interface ComponentSummary {
	readonly imports: readonly ImportedInterface[];
	/** Names of exported functions. */
	readonly exports: readonly string[];
}

const MAX_NESTING = 16;
const MAX_CORE_MODULES = 64;

/**
 * Most functions and resources of all imports. A type is written once and may be imported any number of times, so that their sum can be
 * quadratic in the bytes. All hostcalls and WASI together have some hundred.
 */
const MAX_IMPORTED_MEMBERS = 10_000;

/** The exports of an instance are one object, and JavaScript waits for an object with a function `then` until that function calls back. */
const THENABLE = "it exports a function `then`, for which the host would wait for ever; rename the function";

/** Counts over all components of a file, for their bounds. */
interface Totals {
	coreModules: number;
	importedMembers: number;
}

/**
 * Reads the imports and exports of a component, down to each function.
 *
 * @throws SpearError `invalid_request` for bytes that must not reach the transpiler: names that would be code in generated JavaScript,
 * imports that are not interfaces, sizes without a bound.
 */
export function inspectComponent(bytes: Uint8Array): ComponentSummary {
	requireComponent(bytes);
	return walk(new ByteReader(bytes, PREAMBLE_BYTES), { coreModules: 0, importedMembers: 0 }, 0);
}

function walk(reader: ByteReader, totals: Totals, depth: number): ComponentSummary {
	if (depth > MAX_NESTING) throw malformed("its components are nested too deeply");
	const types: (InstanceMembers | undefined)[] = [];
	const imports: ImportedInterface[] = [];
	const exports: string[] = [];
	while (!reader.done) {
		const id = reader.u8();
		const body = reader.window(reader.u32());
		if (id === 1) {
			totals.coreModules += 1;
			if (totals.coreModules > MAX_CORE_MODULES) throw malformed(`it holds more than ${MAX_CORE_MODULES} core modules`);
			inspectCoreModule(body.rest());
			requirePlainNames(readCoreInterface(body.rest()));
		} else if (id === 2) body.vector(() => readCoreInstance(body));
		else if (id === 4) {
			const inner = body.rest();
			if (!isComponent(inner)) throw malformed("a component inside it does not begin like one");
			walk(new ByteReader(inner, PREAMBLE_BYTES), totals, depth + 1);
		} else if (id === 6) body.vector(() => readAlias(body) === "type" && types.push(undefined));
		else if (id === 7) body.vector(() => types.push(readType(body)));
		else if (id === 10)
			body.vector(() => {
				const name = readExternName(body);
				const extern = readExtern(body);
				if (extern.kind === "type" || extern.kind === "resource") types.push(undefined);
				if (depth > 0 || extern.kind === "type") return;
				const members = extern.kind === "instance" && extern.type !== undefined ? types[extern.type] : undefined;
				if (members === undefined) throw malformed(`its import ${name} is not an interface; this host offers interfaces only`);
				totals.importedMembers += members.functions.length + members.resources.length;
				if (totals.importedMembers > MAX_IMPORTED_MEMBERS) throw malformed(`it imports more than ${MAX_IMPORTED_MEMBERS} functions`);
				imports.push({ name, ...members });
			});
		else if (id === 11)
			body.vector(() => {
				const name = readExternName(body);
				const sort = body.u8();
				if (sort === 0) body.u8();
				body.u32();
				if (body.u8() !== 0) readExtern(body);
				if (sort === 1 && depth === 0 && name === "then") throw malformed(THENABLE);
				if (sort === 1) exports.push(name);
				if (sort === 3) types.push(undefined);
			});
	}
	return { imports, exports };
}

/** Refuses names of a core module that the transpiler must not copy into JavaScript. */
function requirePlainNames({ imports, exports }: CoreInterface): void {
	for (const { module, name } of imports) {
		requirePlainName(module);
		requirePlainName(name);
	}
	for (const name of exports.keys()) requirePlainName(name);
}

function readCoreInstance(body: ByteReader): void {
	const form = body.u8();
	if (form === 0) {
		body.u32();
		body.vector(() => {
			body.name();
			body.u8();
			body.u32();
		});
	} else
		body.vector(() => {
			body.name();
			body.u8();
			body.u32();
		});
}
