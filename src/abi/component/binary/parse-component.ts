import { malformed } from "../../binary/byte-reader.ts";
import { isComponent, PREAMBLE_BYTES, requireComponent } from "../../binary/preamble.ts";
import { type CoreItemSort, readCoreItemSort, readSort } from "../../binary/sort.ts";
import { ComponentReader } from "./component-reader.ts";
import type { ComponentDefinition, Definition, NamedItem, ParsedComponent } from "./definition.ts";
import { readCanon } from "./read-canon.ts";
import { readCoreType } from "./read-core-type.ts";
import { refuseDuplicates } from "./read-label.ts";
import { readAlias, readExtern, readExternName, readType } from "./read-type.ts";

const MAX_NESTING = 16;
const MAX_CORE_MODULES = 64;

/**
 * Reads the definitions of a component and of all components inside it. Nothing is resolved: indices are kept as they stand.
 *
 * @throws SpearError `invalid_request` for bytes that are not well-formed, for features that this host does not support, each by its
 * name, and for more items than a bound allows.
 */
export function parseComponent(bytes: Uint8Array): ParsedComponent {
	requireComponent(bytes);
	const modules: Uint8Array[] = [];
	return { ...readComponent(new ComponentReader(bytes, PREAMBLE_BYTES, bytes.length, { items: 0, modules }), 0), modules };
}

function readComponent(reader: ComponentReader, depth: number): ComponentDefinition {
	const definitions: Definition[] = [];
	while (!reader.done) {
		const at = reader.position;
		const id = reader.u8();
		const body = reader.section();
		readSection(id, at, body, depth, definitions);
	}
	return { definitions };
}

function readSection(id: number, at: number, body: ComponentReader, depth: number, definitions: Definition[]): void {
	if (id === 0) {
		body.text();
		return;
	}
	if (id === 1) {
		const { modules } = body.totals;
		const module = body.rest();
		const index = modules.push(module) - 1;
		if (index >= MAX_CORE_MODULES) throw malformed(`it holds more than ${MAX_CORE_MODULES} core modules`);
		definitions.push({ kind: "core module", at, index, bytes: module });
		return;
	}
	if (id === 4) {
		if (depth >= MAX_NESTING) throw malformed(`its components are nested too deeply at byte ${at}`);
		if (!isComponent(body.rest())) throw malformed(`a component inside it does not begin like one, at byte ${body.position}`);
		body.position += PREAMBLE_BYTES;
		definitions.push({ kind: "component", at, component: readComponent(body, depth + 1) });
		return;
	}
	const read = SECTIONS.get(id);
	if (read === undefined) throw malformed(unknownSection(id, at));
	// Pushed one by one: a call with as many arguments as a section has definitions would exceed the stack.
	for (const definition of body.list(() => read(body))) definitions.push(definition);
	if (!body.done) throw malformed(`a section at byte ${at} holds more than its definitions`);
}

const SECTIONS: ReadonlyMap<number, (body: ComponentReader) => Definition> = new Map([
	[2, readCoreInstance],
	[3, (body: ComponentReader): Definition => ({ kind: "core type", at: body.position, type: readCoreType(body) })],
	[5, readInstance],
	[6, readAlias],
	[7, (body: ComponentReader): Definition => ({ kind: "type", at: body.position, type: readType(body) })],
	[8, readCanon],
	[
		10,
		(body: ComponentReader): Definition => ({ kind: "import", at: body.position, name: readExternName(body), extern: readExtern(body) }),
	],
	[11, readExport],
]);

function unknownSection(id: number, at: number): string {
	if (id === 9) return `it uses a start function at byte ${at}, which this host does not support`;
	if (id === 12) return `it uses component values at byte ${at}, which this host does not support`;
	return `a section of unknown kind ${id} at byte ${at}`;
}

function readCoreInstance(body: ComponentReader): Definition {
	const at = body.position;
	const form = body.u8();
	if (form === 0) {
		const module = body.u32();
		const args = body.list(() => {
			const name = body.text();
			body.expect(0x12, "the sort of an argument of a core module");
			return { name, instance: body.u32() };
		});
		refuseSameName(args, at);
		return { kind: "core instantiate", at, module, args };
	}
	if (form !== 1) throw malformed(`a core instance of unknown form ${form} at byte ${at}`);
	const exports = body.list((): NamedItem<CoreItemSort> => ({ name: body.text(), sort: readCoreItemSort(body), index: body.u32() }));
	refuseSameName(exports, at);
	return { kind: "core inline instance", at, exports };
}

function readInstance(body: ComponentReader): Definition {
	const at = body.position;
	const form = body.u8();
	if (form === 0) {
		const component = body.u32();
		const args = body.list((): NamedItem => ({ name: body.text(), sort: readSort(body), index: body.u32() }));
		refuseSameName(args, at);
		return { kind: "instantiate", at, component, args };
	}
	if (form !== 1) throw malformed(`an instance of unknown form ${form} at byte ${at}`);
	const exports = body.list((): NamedItem => ({ name: readExternName(body), sort: readSort(body), index: body.u32() }));
	refuseDuplicates(exports, at);
	return { kind: "inline instance", at, exports };
}

function readExport(body: ComponentReader): Definition {
	const at = body.position;
	const name = readExternName(body);
	const sort = readSort(body);
	const index = body.u32();
	return { kind: "export", at, name, sort, index, extern: body.optional(() => readExtern(body)) };
}

/** Refuses equal names. Core names are compared exactly. */
function refuseSameName(items: readonly { readonly name: string }[], at: number): void {
	if (new Set(items.map(({ name }) => name)).size < items.length) throw malformed(`a name stands twice in an instance at byte ${at}`);
}
