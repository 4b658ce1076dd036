/** The function that turns a host's implementation into the import object of a transpiled component. */
import { delimited, LINE_WIDTH, tabs, visualWidth } from "../kit/layout.ts";
import { pascalCase } from "../names.ts";
import { argument, lowering } from "./conversion.ts";
import { fallbackOf } from "./fallback.ts";
import { parameterName } from "./parameters.ts";
import type { BoundInterface, BoundResource, HostFunction } from "./plan.ts";
import type { HostScope } from "./scope.ts";

/** @param lent resources whose handles other interfaces give */
export function bindFunction(bound: BoundInterface, lent: ReadonlySet<unknown>, scope: HostScope): string {
	const doc = `/** The import object of \`${bound.entry.importName}\` for one component instance: \`host\`'s functions as the instance calls them. */\n`;
	const head = delimited(`export function bind${bound.hostType}(`, parameters(bound, scope), `): ${importType(bound, lent, scope)} {`, 0);
	const classes = bound.resources.map((resource) => `${handleClass(resource, scope)}\n`);
	const members = [
		...bound.resources.map(({ importName, hostType }) => `\t\t${importName}: ${hostType}Handle,\n`),
		...bound.functions.map((each) => `${implementation(each, `host.${each.member}`, "", scope)},\n`),
	];
	return `${doc}${head}\n${classes.join("")}\treturn {\n${members.join("")}\t};\n}\n`;
}

function parameters(bound: BoundInterface, scope: HostScope): string[] {
	const params = [`host: ${bound.hostType}`, `context: ${scope.runtimeType("BindingContext")}`];
	if (bound.foreignHandles.length === 0) return params;
	const classes = bound.foreignHandles.map(
		(def) => `readonly ${pascalCase(def.name)}: ${scope.runtimeType("HandleClass")}<${scope.resourceInterface(def)}>`,
	);
	return [...params, `handles: { ${classes.join("; ")} }`];
}

/** Only the classes that other bindings need have a type of their own; the rest is for the component alone. */
function importType(bound: BoundInterface, lent: ReadonlySet<unknown>, scope: HostScope): string {
	const shared = bound.resources.filter(({ def }) => lent.has(def));
	const classes = shared.map(({ importName, hostType }) => `readonly ${importName}: ${scope.runtimeType("HandleClass")}<${hostType}>`);
	const all = scope.runtimeType("ImportObject");
	return classes.length === 0 ? all : `${all} & { ${classes.join("; ")} }`;
}

function handleClass(resource: BoundResource, scope: HostScope): string {
	const functions = [
		...resource.statics.map((each) => implementation(each, `host.${resource.member}.${each.member}`, "static ", scope)),
		...resource.methods.map((each) => implementation(each, `this.$value.${each.member}`, "", scope)),
	];
	const head = `\tclass ${resource.hostType}Handle extends ${scope.runtimeValue("Handle")}<${resource.hostType}> {\n`;
	const drop = `\t\tprotected override readonly $dropSite = sites.${resource.member}.$drop;\n`;
	return `${head}${drop}${functions.map((text) => `\n${text}\n`).join("")}\t}\n`;
}

/** One function of the import object, as a member at a depth of two tabs. */
function implementation(each: HostFunction, callee: string, modifier: string, scope: HostScope): string {
	const params = each.func.params.map((param) => `${parameterName(param.name)}: ${scope.componentType(param.type)}`);
	const value = each.ok === undefined ? "void" : scope.componentType(each.ok);
	const answer = each.fallible ? `${scope.runtimeType("Answer")}<${value}>` : value;
	const head = delimited(`${modifier}${each.member}(`, params, `): ${each.blocking ? `Promise<${answer}>` : answer} {`, 2);
	return `\t\t${head}\n\t\t\treturn ${guardedCall(each, callee, scope)};\n\t\t}`;
}

/** The call of the host's function, inside the helper that catches what it throws. */
function guardedCall(each: HostFunction, callee: string, scope: HostScope): string {
	const fallback = each.fallible ? undefined : fallbackOf(each);
	const helper = each.fallible ? "answer" : fallback === undefined ? "insist" : "attempt";
	const args = each.func.params.map(({ name, type }) => argument(type, parameterName(name), name.replaceAll("-", "_"), scope));
	const lower = lowering(each.ok, scope);
	const items = ["context", each.site, ...(fallback === undefined ? [] : [fallback]), arrow(`${callee}(`, args, 4), lower];
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
