/** The binding of an import that is one function: its member `bind` as lines. */
import type { CoreAnswer, CoreParam, PackedRecord, PlainImport } from "../../../model/core/core-abi.ts";
import type { NameScope } from "../../../model/names/name-scope.ts";
import { camelCase } from "../../../model/names/spelling.ts";
import { delimited } from "../../kit/layout.ts";
import { numberText } from "../type-text.ts";
import { type BindingScope, errnoName } from "./binding-scope.ts";

/** Names of the place of an answer in the code of a function. */
interface Place {
	readonly pointer: string;
	readonly lengthPointer: string;
	readonly capacity: string;
}

interface Param {
	readonly param: CoreParam;
	/** Parameters of the core function. */
	readonly core: readonly { readonly name: string; readonly type: string }[];
	/** The argument of the host's function. */
	readonly value: string;
}

/** Lines at the depth of the members of an import. */
export function callLines(each: PlainImport, scope: BindingScope): string[] {
	const { call, waits } = each;
	const { func, answer, takes } = call;
	const site = JSON.stringify(`${each.module}.${each.name}`);
	const names = scope.imports.scope.inner();
	const params = call.params.map((param): Param => {
		const wanted = camelCase(param.name);
		if (param.kind === "number") {
			const name = names.take(wanted);
			return { param, core: [{ name, type: numberText(param.type.name) }], value: unsigned(param, name) };
		}
		const pointer = { name: names.take(`${wanted}Pointer`), type: "number" };
		const length = { name: names.take(`${wanted}${param.kind === "out" ? "LengthPointer" : "Length"}`), type: "number" };
		return { param, core: [pointer, length], value: param.kind === "out" ? "" : names.take(wanted) };
	});
	const lines = [`context.enter(${site});`];
	let place: Place | undefined;
	let max = "";
	for (const { param, core, value } of params) {
		const [pointer = "", length = ""] = core.map(({ name }) => name);
		if (param.kind === "text" || param.kind === "bytes") {
			if (param.maxBytes !== undefined)
				lines.push(`if (${length} < 0 || ${length} > ${param.maxBytes}) return ${errnoName(scope, "einval")};`);
			lines.push(`const ${value} = context.${param.kind}(${pointer}, ${length});`, `if (typeof ${value} === "number") return ${value};`);
		} else if (param.kind === "out") {
			place = { pointer, lengthPointer: length, capacity: names.take("capacity") };
			const where = `${place.pointer}, ${place.lengthPointer}`;
			lines.push(`const ${place.capacity} = context.capacity(${where});`, `if (${place.capacity} < 0) return ${place.capacity};`);
			if (answer.kind === "packed-list") {
				const { size } = answer.record;
				max = names.take("max");
				lines.push(`const ${max} = Math.floor(${place.capacity} / ${size});`);
				lines.push(`if (${max} === 0) return context.reserve(${where}, ${place.capacity}, ${size});`);
			}
		}
	}
	const values = params.flatMap(({ param, value }) => (param.kind !== "out" ? [value] : max === "" ? [] : [max]));
	const hostCall = (depth: number): string => delimited(`${scope.host}.${camelCase(func.name)}(`, values, ")", depth);
	const coreParams = params.flatMap(({ core }) => core.map(({ name, type }) => `${name}: ${type}`));
	const isInfallible = answer.kind === "nothing" || answer.kind === "value";
	const failed = isInfallible ? `throw context.fatal(cause, ${site});` : `return context.failed(cause, ${site});`;
	const caught = (body: readonly string[]): string[] => ["try {", ...indented(body), "} catch (cause) {", `\t${failed}`, "}"];
	const finish: string[] = [];
	if (waits) lines.push("context.assertYielding();");
	if (place === undefined) {
		const returned = answer.kind === "nothing" && !waits ? "" : "return ";
		const wait = isInfallible ? "waitOrEnd" : "wait";
		lines.push(...caught([waits ? `return context.${wait}(${hostCall(6)}, ${site});` : `${returned}${hostCall(6)};`]));
	} else if (waits) {
		const type = scope.types.answer(answer, takes);
		const local = names.take("answer");
		const finisher = names.take("finish");
		const pending = names.take("pending");
		const more = [place.pointer, place.lengthPointer, place.capacity];
		const heads = [`${pending}: Promise<${type}>`, ...more.map((name) => `${name}: number`)];
		finish.push(
			delimited(`const ${finisher} = async (`, heads, "): Promise<number> => {", 3),
			...indented([
				`const ${local} = await context.wait(${pending}, ${site});`,
				`if (typeof ${local} === "number") return ${local};`,
				...caught(writtenLines(answer, takes, local, place, scope, names)),
			]),
			"};",
		);
		lines.push(...caught([`return ${finisher}(${[hostCall(6), ...more].join(", ")});`]));
	} else {
		const local = names.take("answer");
		const body = writtenLines(answer, takes, local, place, scope, names);
		lines.push(...caught([`const ${local} = ${hostCall(6)};`, `if (typeof ${local} === "number") return ${local};`, ...body]));
	}
	return [
		"bind(context, calls) {",
		...indented(finish),
		`\t${delimited("return (", coreParams, ") => {", 3)}`,
		...indented(indented(lines)),
		"\t};",
		"},",
	];
}

/** Lines that write an answer to its place, and return its length or the number of its records. */
function writtenLines(answer: CoreAnswer, takes: boolean, local: string, place: Place, scope: BindingScope, names: NameScope): string[] {
	const where = `${place.pointer}, ${place.lengthPointer}, ${place.capacity}`;
	const item = takes ? `${local}.item` : local;
	if (answer.kind === "packed" || answer.kind === "packed-list")
		return packedLines(answer.record, answer.kind, takes, local, place, scope, names);
	const put =
		answer.kind === "json" ? `context.putJson(${where}, ${scope.json.write(answer.type, item)})` : `context.put(${where}, ${item})`;
	if (!takes) return [`return ${put};`];
	const written = names.take("written");
	return [`const ${written} = ${put};`, `if (${written} >= 0) ${local}.remove();`, `return ${written};`];
}

function packedLines(
	record: PackedRecord,
	kind: "packed" | "packed-list",
	takes: boolean,
	local: string,
	place: Place,
	scope: BindingScope,
	names: NameScope,
): string[] {
	const where = `${place.pointer}, ${place.lengthPointer}, ${place.capacity}`;
	const write = scope.json.packed(record);
	const fault = names.take("fault");
	const checked = (size: string): string[] => [
		`const ${fault} = context.reserve(${where}, ${size});`,
		`if (${fault} !== 0) return ${fault};`,
	];
	const item = takes ? `${local}.item` : local;
	const removed = takes ? [`${local}.remove();`] : [];
	if (kind === "packed") {
		const commit = `context.commit(${place.lengthPointer}, ${record.size});`;
		const lines = [...checked(String(record.size)), `${write}(context.view, ${place.pointer}, ${item});`];
		return takes ? [...lines, commit, ...removed, `return ${record.size};`] : [...lines, `return ${commit}`];
	}
	const at = names.take("at");
	const element = names.take("element");
	return [
		...checked(`${item}.length * ${record.size}`),
		`let ${at} = ${place.pointer};`,
		`for (const ${element} of ${item}) {`,
		`\t${write}(context.view, ${at}, ${element});`,
		`\t${at} += ${record.size};`,
		"}",
		`context.commit(${place.lengthPointer}, ${item}.length * ${record.size});`,
		...removed,
		`return ${item}.length;`,
	];
}

/** WebAssembly passes numbers as signed. */
function unsigned(param: Extract<CoreParam, { kind: "number" }>, name: string): string {
	if (param.type.name === "u32") return `${name} >>> 0`;
	return param.type.name === "u64" ? `BigInt.asUintN(64, ${name})` : name;
}

function indented(lines: readonly string[]): string[] {
	return lines.map((line) => `\t${line}`);
}
