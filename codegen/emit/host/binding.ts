/** The function that turns a host's implementation into the import object of a transpiled component. */
import { delimited, LINE_WIDTH, tabs, visualWidth } from "../kit/layout.ts";
import { convert, mentionsTwice } from "./conversion.ts";
import { fallbackOf } from "./fallback.ts";
import { parameterName } from "./parameters.ts";
import { type BoundInterface, type BoundResource, type HostFunction, resourceType } from "./plan.ts";
import type { HostScope } from "./scope.ts";

/** @param lent resources whose handles other interfaces give */
export function bindFunction(bound: BoundInterface, lent: ReadonlySet<unknown>, scope: HostScope): string {
	const classes = bound.resources.map((resource) => handleClass(resource, scope));
	const functions = bound.functions.map((each) => `${implementation(each, `host.${each.member}`, "", 2, scope)},\n`);
	const members = [...bound.resources.map((resource) => `\t\t${resource.hostType}: ${classExpression(resource)},\n`), ...functions];
	const shared = bound.resources.filter(({ def }) => lent.has(def)).map(({ hostType }) => `readonly ${hostType}: ${scope.runtimeType("HandleClass")}<${hostType}>`);
	const result = [scope.runtimeType("ImportObject"), ...(shared.length > 0 ? [`{ ${shared.join("; ")} }`] : [])].join(" & ");
	const head = delimited(`export function bind${bound.hostType}(`, parameters(bound, scope), `): ${result} {`, 0);
	const needsHost = `/** The import object of \`${bound.entry.importName}\` for one component instance: \`host\`'s functions as the instance calls them. */\n`;
	return `${needsHost}${head}\n${classes.join("\n")}${classes.length > 0 ? "\n" : ""}\treturn {\n${members.join("")}\t};\n}\n`;
}

function parameters(bound: BoundInterface, scope: HostScope): string[] {
	const params = [`host: ${bound.hostType}`, `context: ${scope.runtimeType("BindingContext")}`];
	if (bound.foreignHandles.length === 0) return params;
	const classes = bound.foreignHandles.map((def) => `readonly ${resourceType(def)}: ${scope.runtimeType("HandleClass")}<${scope.resourceInterface(def)}>`);
	return [...params, `handles: { ${classes.join("; ")} }`];
}

function handleClass(resource: BoundResource, scope: HostScope): string {
	const functions = [
		...resource.statics.map((each) => implementation(each, `host.${resource.member}.${each.member}`, "static ", 2, scope)),
		...resource.methods.map((each) => implementation(each, `this.value.${each.member}`, "", 2, scope)),
	];
	const drop = `\t\tprotected override readonly dropSite = sites.${resource.member}.$drop;\n`;
	const head = `\tclass ${resource.hostType}Handle extends ${scope.runtimeValue("Handle")}<${resource.hostType}> {\n`;
	return `${head}${drop}${functions.map((text) => `\n${text}\n`).join("")}\t}\n`;
}

/** One function of the import object, as a member at a depth of tabs. */
function implementation(each: HostFunction, callee: string, modifier: string, depth: number, scope: HostScope): string {
	const params = each.func.params.map((param) => `${parameterName(param.name)}: ${scope.componentType(param.type)}`);
	const value = each.ok === undefined ? "void" : scope.componentType(each.ok);
	const answer = each.fallible ? `${scope.runtimeType("Answer")}<${value}>` : value;
	const head = delimited(`${modifier}${each.member}(`, params, `): ${each.blocking ? `Promise<${answer}>` : answer} {`, depth);
	return `${tabs(depth)}${head}\n${tabs(depth + 1)}return ${runner(each, callee, depth + 1, scope)};\n${tabs(depth)}}`;
}

/** The call of the host's function, inside the helper that catches what it throws. */
function runner(each: HostFunction, callee: string, depth: number, scope: HostScope): string {
	const fallback = each.fallible ? undefined : fallbackOf(each, scope);
	const suffix = each.blocking ? "Async" : "";
	const helper = scope.runtimeValue(`${each.fallible ? "answer" : fallback === undefined ? "insist" : "attempt"}${suffix}`);
	const open = `${helper}(context, ${each.site}, ${fallback === undefined ? "" : `${fallback}, `}`;
	const args = each.func.params.map((param) => convert(param.type, parameterName(param.name), "toIr", scope));
	const call = `${callee}(${args.join(", ")})`;
	const converted = each.ok === undefined ? call : convert(each.ok, call, "fromIr", scope);
	if (converted === call) {
		const line = `${open}() => ${call})`;
		return fits(`return ${line};`, depth) ? line : `${open}() =>\n${tabs(depth + 1)}${delimited(`${callee}(`, args, ")", depth + 1)},\n${tabs(depth)})`;
	}
	return awaited(each, open, delimited(`${callee}(`, args, ")", depth + 1), call, depth, scope);
}

/** The same where the result is converted. */
function awaited(each: HostFunction, open: string, brokenCall: string, call: string, depth: number, scope: HostScope): string {
	const [async, wait] = each.blocking ? ["async ", "await "] : ["", ""];
	const ok = each.ok;
	if (ok === undefined) return "";
	const line = `${open}${async}() => ${convert(ok, `${wait}${call}`, "fromIr", scope)})`;
	if (!mentionsTwice(ok, "fromIr", scope) && fits(`return ${line};`, depth)) return line;
	const inner = tabs(depth + 1);
	return `${open}${async}() => {\n${inner}const result = ${wait}${brokenCall};\n${inner}return ${convert(ok, "result", "fromIr", scope)};\n${tabs(depth)}})`;
}

function fits(line: string, depth: number): boolean {
	return visualWidth(tabs(depth) + line) <= LINE_WIDTH;
}

function classExpression(resource: BoundResource): string {
	return `${resource.hostType}Handle`;
}
