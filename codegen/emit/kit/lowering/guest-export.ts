/** The lifting of one function that guests export. */
import type { Func, TypeRef } from "../../../model/model.ts";
import { camelCase } from "../../../model/names/spelling.ts";
import { delimited, LINE_WIDTH, tabs, visualWidth } from "../layout.ts";
import { block, inline, layout } from "./code.ts";
import { requireSynchronous, siteOf } from "./host-function.ts";
import { allParams, functionKey, resultOf, throwsError } from "./key.ts";
import { layoutOf, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS, offsetsOf, sequenceLayout } from "./layout.ts";
import { type Lifting, liftMemory } from "./lift.ts";
import { flatNames, liftFlat } from "./lift-flat.ts";
import { lowerFlat } from "./lower-flat.ts";
import { type LoweringModule, templateLiteral } from "./module.ts";
import { LocalNames } from "./names.ts";
import { storeLines } from "./store.ts";
import { typeText } from "./type-text.ts";
import { coreTypeText } from "./values.ts";

/** The lifting as an object literal whose first line is at a depth of tabs. That of a constructor does not wait. */
export function guestExport(func: Func, module: LoweringModule, depth: number): string {
	requireSynchronous(func);
	const key = templateLiteral(functionKey(func, (def) => `\${${module.key(def)}}`, module.resourceKey));
	const names = new LocalNames(module.otherAliases);
	const params = allParams(func);
	const result = resultOf(func);
	const isWaiting = func.kind !== "constructor";
	const args = params.map((param) => names.take(camelCase(param.name)));
	const lowered = loweredArguments(params, args, module, names);
	const site = JSON.stringify(siteOf(func, module));
	const lines = [`context.enterExport(${site});`, ...lowered.lines];
	const call = delimited(isWaiting ? "await core(" : "core(", lowered.core, ");", depth + 3);
	lines.push(result === undefined ? call : `const raw = ${call}`, `context.returned(${site});`);
	lines.push(...resultLines(result, { module, lends: false }, depth + 3));

	const type = result === undefined ? "void" : typeText(result, module);
	const typed = params.map((param, index) => `${args[index]}: ${typeText(param.type, module)}`);
	const head = delimited("lift(", ["context", coreText(result, lowered.params, isWaiting, depth), "free"], ") {", depth + 1);
	const arrow = delimited(`return ${isWaiting ? "async " : ""}(`, typed, `): ${isWaiting ? `Promise<${type}>` : type} => {`, depth + 2);
	const throwing = module.folder.places.mapping === "official" && throwsError(func) ? ["throws: true,"] : [];
	return [
		"{\n",
		block([`key: ${key},`, ...throwing, head], depth + 1),
		block([arrow], depth + 2),
		block(lines, depth + 3),
		block(["};"], depth + 2),
		block(["},"], depth + 1),
		`${tabs(depth)}}`,
	].join("");
}

interface LoweredArguments {
	readonly lines: readonly string[];
	readonly core: readonly string[];
	/** Parameters of the core function. */
	readonly params: readonly string[];
}

function loweredArguments(
	params: ReturnType<typeof allParams>,
	args: readonly string[],
	module: LoweringModule,
	names: LocalNames,
): LoweredArguments {
	const types = params.map((param) => param.type);
	const { size, alignment, flat } = sequenceLayout(types);
	if (flat.length > MAX_FLAT_PARAMS) {
		const offsets = offsetsOf(types);
		const stores = types.flatMap((type, index) => storeLines(type, "parameters", offsets[index] ?? 0, args[index] ?? "", module));
		return {
			lines: [`const parameters = context.alloc(${alignment}, ${size});`, ...stores],
			core: ["parameters"],
			params: ["parameters: number"],
		};
	}
	const coreNames = new LocalNames(module.otherAliases);
	const flatParams = params.flatMap((param) => flatNames(param.type, camelCase(param.name), coreNames));
	const parts = types.map((type, index) => lowerFlat(type, args[index] ?? "", args[index] ?? "", { module, names }));
	return {
		lines: parts.flatMap((each) => each.lines),
		core: parts.flatMap((each) => each.core),
		params: flat.map((type, index) => `${flatParams[index]}: ${coreTypeText(type)}`),
	};
}

function coreText(result: TypeRef | undefined, params: readonly string[], isWaiting: boolean, depth: number): string {
	const [single] = result === undefined ? [] : layoutOf(result).flat;
	const raw = result === undefined ? "void" : coreTypeText(isIndirect(result) ? "i32" : (single ?? "i32"));
	const returned = isWaiting ? `Promise<${raw}>` : raw;
	const line = `core: (${params.join(", ")}) => ${returned}`;
	if (visualWidth(`${tabs(depth + 1)}lift(context, ${line}, free) {`) <= LINE_WIDTH) return line;
	return delimited("core: (", params, `) => ${returned},`, depth + 2).slice(0, -1);
}

function isIndirect(type: TypeRef): boolean {
	return layoutOf(type).flat.length > MAX_FLAT_RESULTS;
}

function resultLines(result: TypeRef | undefined, lifting: Lifting, depth: number): string[] {
	if (result === undefined) return ["context.leaveExport(free, undefined);"];
	const { size, alignment } = layoutOf(result);
	const indirect = isIndirect(result);
	const value = indirect ? liftMemory(result, "resultAt", 0, lifting) : liftFlat(result, ["raw"], lifting);
	return [
		...(indirect ? [`const resultAt = context.address(raw, ${size}, ${alignment});`] : []),
		...(inline(value).includes("view.") ? ["const { view } = context;"] : []),
		layout("const answer = ", value, ";", depth),
		"context.leaveExport(free, raw);",
		"return answer;",
	];
}
