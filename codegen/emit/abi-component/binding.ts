/** The function that turns a host's implementation into the import object of a transpiled component. */

import { type HostFunction, type HostInterface, type HostResource, unboundFunctions } from "../../model/host-interface.ts";
import type { Param, ResourceDef } from "../../model/model.ts";
import { snakeCase } from "../../model/names/spelling.ts";
import { resourceClass } from "../../model/names/type-names.ts";
import { delimited, LINE_WIDTH, tabs, visualWidth } from "../kit/layout.ts";
import { argument, lowering } from "./conversion.ts";
import { fallbackOf } from "./fallback.ts";
import { foreignResourcesOf } from "./foreign-resources.ts";
import type { ComponentScope } from "./scope.ts";

/** Name of the function that binds an interface, e.g. `bindCchat`. */
export function bindName({ typeName }: HostInterface): string {
	return `bind${typeName}`;
}

/** @param foreign resources whose handles other interfaces give */
export function bindFunction(iface: HostInterface, foreign: ReadonlySet<ResourceDef>, scope: ComponentScope): string {
	const doc = `/** The import object of \`${iface.entry.importName}\` for one component instance. */\n`;
	const head = delimited(`export function ${bindName(iface)}(`, parameters(iface, scope), `): ${importType(iface, foreign, scope)} {`, 0);
	const classes = iface.resources.map((resource) => `${handleClass(resource, scope)}\n`);
	const members = [
		...iface.resources.map(({ def }) => `\t\t${resourceClass(def)}: ${scope.handleClass(def)},\n`),
		...iface.functions.map((each) => `${implementation(each, { callee: `host.${each.member}` }, scope)},\n`),
	];
	return `${doc}${head}\n${classes.join("")}\treturn {\n${members.join("")}\t};\n}\n`;
}

function parameters(iface: HostInterface, scope: ComponentScope): string[] {
	const usesHost = iface.functions.length > 0 || iface.resources.some((each) => unboundFunctions(each).length > 0);
	const params = [`${usesHost ? "host" : "_host"}: ${scope.implementation()}`, `context: ${scope.hostcallType("BindingContext")}`];
	const classes = foreignResourcesOf(iface).map(
		(def) => `readonly ${resourceClass(def)}: ${scope.runtimeType("HandleClass")}<${scope.resource(def)}>`,
	);
	return classes.length === 0 ? params : [...params, `handles: { ${classes.join("; ")} }`];
}

/** Only the classes that other bindings need have a type of their own; the rest is for the component alone. */
function importType(iface: HostInterface, foreign: ReadonlySet<ResourceDef>, scope: ComponentScope): string {
	const classes = iface.resources
		.filter(({ def }) => foreign.has(def))
		.map(({ def }) => `readonly ${resourceClass(def)}: ${scope.runtimeType("HandleClass")}<${scope.resource(def)}>`);
	const all = scope.runtimeType("ImportObject");
	return classes.length === 0 ? all : `${all} & { ${classes.join("; ")} }`;
}

function handleClass(resource: HostResource, scope: ComponentScope): string {
	const { member, isReadiness } = resource;
	const functions = [
		...resource.statics.map((each) => implementation(each, { callee: `host.${member}.${each.member}`, modifier: "static " }, scope)),
		...resource.methods.map((each) =>
			isReadiness
				? implementation(each, { callee: `host.${member}.${each.member}`, self: "this.$value" }, scope)
				: implementation(each, { callee: `this.$value.${each.member}` }, scope),
		),
	];
	const type = scope.resource(resource.def);
	const head = `\tclass ${scope.handleClass(resource.def)} extends ${scope.runtimeValue("Handle")}<${type}> {\n`;
	const drop = `\t\tprotected override readonly $dropSite = ${scope.sites()}.${member}.$drop;\n`;
	return `${head}${drop}${functions.map((text) => `\n${text}\n`).join("")}\t}\n`;
}

const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** The call of the host's function. */
interface Call {
	readonly callee: string;
	/** `static `, or absent. */
	readonly modifier?: string;
	/** First argument, before those that the guest passes. */
	readonly self?: string;
}

/** A function of the import object, as a member at a depth of two tabs. */
function implementation(each: HostFunction, call: Call, scope: ComponentScope): string {
	const names = scope.parameters(each.func);
	const params = [...names].map(([{ type }, name]) => `${name}: ${scope.componentType(type)}`);
	const value = each.ok === undefined ? "void" : scope.componentType(each.ok);
	const answer = each.fallible ? `${scope.runtimeType("Answer")}<${value}>` : value;
	const result = `): ${each.blocking ? `Promise<${answer}>` : answer} {`;
	// A method of a class may replace one that every object has.
	const override = each.func.kind === "method" && INHERITED.has(each.member) ? "override " : "";
	const head = delimited(`${override}${call.modifier ?? ""}${each.member}(`, params, result, 2);
	return `\t\t${head}\n\t\t\treturn ${guardedCall(each, call, names, scope)};\n\t\t}`;
}

/** The call of the host's function, inside the helper that catches what it throws. */
function guardedCall(each: HostFunction, { callee, self }: Call, names: ReadonlyMap<Param, string>, scope: ComponentScope): string {
	const fallback = each.fallible ? undefined : fallbackOf(each, [...names.values()]);
	const helper = each.fallible ? "callFallible" : fallback === undefined ? "callOrTrap" : "callOrDefault";
	const passed = [...names].map(([{ name, type }, local]) => argument(type, local, snakeCase(name), scope));
	const args = self === undefined ? passed : [self, ...passed];
	const lower = lowering(each.ok, scope);
	const items = [
		"context",
		`${scope.sites()}.${each.site}`,
		...(fallback === undefined ? [] : [fallback]),
		arrow(`${callee}(`, args, 4),
		lower,
	];
	const open = `${scope.runtimeValue(each.blocking ? `${helper}Async` : helper)}(`;
	// Two functions in one list of arguments: the formatter never leaves them on one line.
	const isArrow = lower.startsWith("(");
	return isArrow ? `${open}\n${items.map((item) => `${tabs(4)}${item},\n`).join("")}${tabs(3)})` : delimited(open, items, ")", 3);
}

/** `() => call`, over two lines where that is too long. */
function arrow(open: string, args: readonly string[], depth: number): string {
	const line = `() => ${open}${args.join(", ")})`;
	if (visualWidth(`${tabs(depth)}${line},`) <= LINE_WIDTH) return line;
	const call = delimited(open, args, "),", depth + 1);
	return `() =>\n${tabs(depth + 1)}${call.slice(0, -1)}`;
}
