/** The lowering of one function of the host, as a member of its interface's `functions`. */

import { UnsupportedType } from "../../../model/carried/data-types.ts";
import { type Deprecation, functionDeprecation } from "../../../model/deprecation.ts";
import type { Func, TypeRef } from "../../../model/model.ts";
import { camelCase } from "../../../model/names/spelling.ts";
import { ROOT } from "../../../model/units/unit.ts";
import { delimited, LINE_WIDTH, tabs, visualWidth } from "../layout.ts";
import { block, type Expression, inline, layout } from "./code.ts";
import { allParams, functionKey, resultOf, throwsError, waits } from "./key.ts";
import { layoutOf, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS, offsetsOf, sequenceLayout } from "./layout.ts";
import { handleModes, type Lifting, liftMemory } from "./lift.ts";
import { flatNames, liftFlat } from "./lift-flat.ts";
import { lowerFlat } from "./lower-flat.ts";
import { type LoweringModule, templateLiteral } from "./module.ts";
import { LocalNames } from "./names.ts";
import { storeLines } from "./store.ts";
import { typeText } from "./type-text.ts";
import { coreTypeText } from "./values.ts";

/** True if the guest waits for a function. `either`: the host's function decides. */
type Waiting = boolean | "either";

type HostParam = ReturnType<typeof allParams>[number];

/** A lifted argument: its name, and the expression unless a core parameter of the same name holds the value. */
interface Argument {
	readonly name: string;
	readonly value: Expression;
}

/** Name of a function within its interface, as core modules import it: `log`, `[method]session.send`. */
export function coreName({ kind, name, resource }: Func): string {
	if (resource === undefined) return name;
	return kind === "constructor" ? `[constructor]${resource.name}` : `[${kind}]${resource.name}.${name}`;
}

export function hostFunction(func: Func, module: LoweringModule): string {
	requireSynchronous(func);
	const key = templateLiteral(functionKey(func, (def) => `\${${module.key(def)}}`, module.resourceKey));
	const isOfficial = module.folder.places.mapping === "official";
	const waiting = isOfficial && func.kind !== "constructor" ? "either" : waits(func);
	const body = functionBody(func, siteOf(func, module), waiting, module);
	const throwing = isOfficial && throwsError(func) ? ["throws: true,"] : [];
	const deprecated = functionDeprecation(func);
	const notes = deprecated === undefined ? [] : [deprecationText(deprecated, 3)];
	const members = [`key: ${key},`, `waits: ${JSON.stringify(waiting)},`, ...throwing, ...notes]
		.map((line) => `${tabs(3)}${line}\n`)
		.join("");
	return `\t\t${memberName(coreName(func))}: {\n${members}${body}\t\t},\n`;
}

/** The deprecation as a member of a function or an interface. */
export function deprecationText({ since, replacement }: Deprecation, depth: number): string {
	const members = [
		`since: ${JSON.stringify(since)}`,
		...(replacement === undefined ? [] : [`replacement: ${JSON.stringify(replacement)}`]),
	];
	return delimited("deprecated: {", members, "},", depth, " ");
}

export function requireSynchronous(func: Func): void {
	if (func.async) throw new UnsupportedType(`function \`${func.name}\` is \`async\`: tag it \`@blocking\` instead`, func.span);
}

/** The function as messages name it: `spear:ai/cchat.session.send`. */
export function siteOf(func: Func, { unit }: LoweringModule): string {
	return unit.id === ROOT ? sitePath(func) : `${unit.id}.${sitePath(func)}`;
}

/** The function within its interface: `session.send`. */
function sitePath({ name, resource, kind }: Func): string {
	if (resource === undefined) return name;
	return kind === "constructor" ? resource.name : `${resource.name}.${name}`;
}

/** A member name in quotes where JavaScript demands them. TypeScript takes `constructor` for that of every object, unless it is any text. */
export function memberName(name: string): string {
	if (name === "constructor") return '["constructor" as string]';
	return /^[A-Za-z][A-Za-z0-9]*$/.test(name) ? name : JSON.stringify(name);
}

function functionBody(func: Func, site: string, waiting: Waiting, module: LoweringModule): string {
	const names = new LocalNames(module.otherAliases);
	const params = allParams(func);
	const modes = new Set(params.flatMap((param) => [...handleModes(param.type)]));
	const lifting: Lifting = { module, lends: modes.has("own") && modes.has("borrow") };
	const args = params.map((param) => names.take(camelCase(param.name)));
	const { core, prepare, values } = liftedParams(params, args, names, lifting);
	const result = resultOf(func);
	const indirect = result !== undefined && layoutOf(result).flat.length > MAX_FLAT_RESULTS;
	if (indirect) core.push("resultPointer: number");

	const lines = [`context.enter(${JSON.stringify(site)});`, ...prepare];
	for (const { name, value } of values) if (inline(value) !== name) lines.push(layout(`const ${name} = `, value, ";", 5));
	if (lifting.lends) lines.push("context.returnLent();");
	if (indirect) {
		const { size, alignment } = layoutOf(result);
		lines.push(`const resultAt = context.address(resultPointer, ${size}, ${alignment});`);
	}
	const call = delimited(func.kind === "method" ? "slot.target.call(" : "slot.target(", args, ")", 6);
	const results = result === undefined ? [] : resultLines(result, indirect, module, names);
	const head = delimited("lower(", ["context", targetText(func, args, waiting, module)], ") {", 3);
	const answer = result === undefined ? "" : "const answer = ";
	const pointer = indirect ? ", resultAt" : "";
	const before: string[] = [];
	if (waiting === false) {
		lines.push(...caught([`${answer}${call};`, ...results]));
	} else {
		const isEither = waiting === "either";
		// What the host answers is lowered at once, or when its promise is fulfilled.
		const settle =
			isEither && result !== undefined ? delimited("const settle = (", settleParams(result, indirect, module), ") => {", 4) : undefined;
		const settled = settle === undefined ? results : [`return settle(answer${pointer});`];
		if (settle !== undefined) before.push(arrowFunction(settle, results));
		// What follows the wait is a function of its own. Otherwise a fault before the wait would be a rejection, which the platform loses.
		const resumed = caught([`${answer}await pending;`, `context.resume(${JSON.stringify(site)});`, ...settled]);
		before.push(arrowFunction(followText(func, indirect, module), resumed));
		if (isEither) lines.push(...caught(eitherLines(call, pointer, settled)));
		else
			lines.push(
				"context.assertYielding();",
				...caught([`const pending = ${call};`, `return finish(context.suspend(pending)${pointer});`]),
			);
	}
	return block([head], 3) + before.join("") + arrowFunction(delimited("return (", core, ") => {", 4), lines) + block(["},"], 3);
}

/** A function within `lower`: its head, and the lines of its body. */
function arrowFunction(head: string, lines: readonly string[]): string {
	return block([head], 4) + block(lines, 5) + block(["};"], 4);
}

/** The call of a function that decides itself if the guest waits. */
function eitherLines(call: string, pointer: string, settled: readonly string[]): string[] {
	return [
		`const answer = ${call};`,
		"if (answer instanceof Promise) {",
		"\tcontext.assertYielding();",
		`\treturn finish(context.suspend(answer)${pointer});`,
		"}",
		...settled,
	];
}

function settleParams(result: TypeRef, indirect: boolean, module: LoweringModule): string[] {
	return [`answer: ${typeText(result, module)}`, ...pointerParams(indirect)];
}

/** Lines in which the host may fail. The guest must not go on after such a failure: it could catch the error. */
function caught(lines: readonly string[]): string[] {
	return ["try {", ...lines.map((line) => `\t${line}`), "} catch (cause) {", "\tthrow context.failed(cause);", "}"];
}

/** Head of the function that follows the wait. */
function followText(func: Func, indirect: boolean, module: LoweringModule): string {
	const result = resultOf(func);
	const type = result === undefined ? "void" : typeText(result, module);
	const params = [`pending: Promise<${type}>`, ...pointerParams(indirect)];
	return delimited("const finish = async (", params, ") => {", 4);
}

function pointerParams(indirect: boolean): string[] {
	return indirect ? ["resultAt: number"] : [];
}

interface LiftedParams {
	/** Parameters of the core function. */
	readonly core: string[];
	/** Statements before the first argument is lifted. */
	readonly prepare: readonly string[];
	readonly values: readonly Argument[];
}

function liftedParams(params: readonly HostParam[], args: readonly string[], names: LocalNames, lifting: Lifting): LiftedParams {
	const types = params.map((param) => param.type);
	const { size, alignment, flat } = sequenceLayout(types);
	if (flat.length > MAX_FLAT_PARAMS) {
		const offsets = offsetsOf(types);
		const values = types.map((type, index) => ({
			name: args[index] ?? "",
			value: liftMemory(type, "parametersAt", offsets[index] ?? 0, lifting),
		}));
		const usesView = values.some(({ value }) => inline(value).includes("view."));
		const prepare = [`const parametersAt = context.address(parameters, ${size}, ${alignment});`];
		return { core: ["parameters: number"], prepare: usesView ? [...prepare, "const { view } = context;"] : prepare, values };
	}
	const core: string[] = [];
	const values = types.map((type, index): Argument => {
		const name = args[index] ?? "";
		const own = layoutOf(type).flat;
		// A number that is its own core value needs no second name.
		const isSame = own.length === 1 && inline(liftFlat(type, [name], lifting)) === name;
		const parts = isSame ? [name] : flatNames(type, camelCase(params[index]?.name ?? ""), names);
		core.push(...parts.map((part, at) => `${part}: ${coreTypeText(own[at] ?? "i32")}`));
		return { name, value: liftFlat(type, parts, lifting) };
	});
	return { core, prepare: [], values };
}

function targetText(func: Func, args: readonly string[], waiting: Waiting, module: LoweringModule): string {
	const answer = resultOf(func);
	const result = answer === undefined ? "void" : typeText(answer, module);
	const own = func.kind === "method" ? args.slice(1) : args;
	const params = func.params.map((param, index) => `${own[index]}: ${typeText(param.type, module)}`);
	if (func.kind === "method") params.unshift("this: unknown");
	const slot = module.runtimeType("HostSlot");
	const returned = waiting === "either" ? `${result} | Promise<${result}>` : waiting ? `Promise<${result}>` : result;
	const close = `) => ${returned}>`;
	const line = `slot: ${slot}<(${params.join(", ")}${close}`;
	if (visualWidth(`${tabs(3)}lower(context, ${line}) {`) <= LINE_WIDTH) return line;
	// The comma behind the parameter takes a column too.
	return delimited(`slot: ${slot}<(`, params, `${close},`, 4).slice(0, -1);
}

function resultLines(type: TypeRef, indirect: boolean, module: LoweringModule, names: LocalNames): string[] {
	if (indirect) return storeLines(type, "resultAt", 0, "answer", module);
	const { lines, core } = lowerFlat(type, "answer", "answer", { module, names });
	return [...lines, `return ${core[0] ?? "undefined"};`];
}
