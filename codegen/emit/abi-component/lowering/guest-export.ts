/** The lifting of one function that guests export. */
import type { Func } from "../../../model/model.ts";
import { camelCase } from "../../../model/names/spelling.ts";
import { delimited, LINE_WIDTH, tabs, visualWidth } from "../../kit/layout.ts";
import { block, inline, layout } from "./code.ts";
import { requireSynchronous } from "./host-function.ts";
import { functionKey } from "./key.ts";
import { layoutOf, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS, offsetsOf, sequenceLayout } from "./layout.ts";
import { type Lifting, liftMemory } from "./lift.ts";
import { flatNames, liftFlat } from "./lift-flat.ts";
import { lowerFlat } from "./lower-flat.ts";
import { type LoweringModule, templateLiteral } from "./module.ts";
import { LocalNames } from "./names.ts";
import { storeLines } from "./store.ts";
import { typeText } from "./type-text.ts";
import { coreTypeText } from "./values.ts";

/** The lifting as an object literal whose first line is at a depth of tabs. */
export function guestExport(func: Func, module: LoweringModule, depth: number): string {
	requireSynchronous(func);
	const key = templateLiteral(functionKey(func, (def) => `\${${module.key(def)}}`));
	const names = new LocalNames(module.otherAliases);
	const args = func.params.map((param) => names.take(camelCase(param.name)));
	const lowered = loweredArguments(func, args, module, names);
	const site = JSON.stringify(func.name);
	const lines = [`context.enterExport(${site});`, ...lowered.lines];
	const call = delimited("await core(", lowered.core, ");", depth + 3);
	lines.push(func.result === undefined ? call : `const raw = ${call}`, `context.returned(${site});`);
	lines.push(...resultLines(func, { module, lends: false }, depth + 3));

	const result = func.result === undefined ? "void" : typeText(func.result, module);
	const params = func.params.map(({ type }, index) => `${args[index]}: ${typeText(type, module)}`);
	const head = delimited("lift(", ["context", coreText(func, lowered.params, depth), "free"], ") {", depth + 1);
	const arrow = delimited("return async (", params, `): Promise<${result}> => {`, depth + 2);
	return [
		"{\n",
		block([`key: ${key},`, head], depth + 1),
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

function loweredArguments({ params }: Func, args: readonly string[], module: LoweringModule, names: LocalNames): LoweredArguments {
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

function coreText({ result }: Func, params: readonly string[], depth: number): string {
	const [single] = result === undefined ? [] : layoutOf(result).flat;
	const raw = result === undefined ? "void" : coreTypeText(isIndirect(result) ? "i32" : (single ?? "i32"));
	const line = `core: (${params.join(", ")}) => Promise<${raw}>`;
	if (visualWidth(`${tabs(depth + 1)}lift(context, ${line}, free) {`) <= LINE_WIDTH) return line;
	return delimited("core: (", params, `) => Promise<${raw}>,`, depth + 2).slice(0, -1);
}

function isIndirect(type: NonNullable<Func["result"]>): boolean {
	return layoutOf(type).flat.length > MAX_FLAT_RESULTS;
}

function resultLines({ result }: Func, lifting: Lifting, depth: number): string[] {
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
