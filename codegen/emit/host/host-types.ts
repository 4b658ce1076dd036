/** The interfaces a host implements: one for the WIT interface, and one or, if it has static functions, two for each resource. */
import { docComment, docText } from "../kit/doc-comment.ts";
import { delimited } from "../kit/layout.ts";
import { parameterName } from "./parameters.ts";
import type { BoundInterface, BoundResource, HostFunction } from "./plan.ts";
import type { HostScope } from "./scope.ts";

const THROWING = `Values are in the shape of the
Canonical IR. Whatever is thrown becomes the ABI's error record, or a fault where a function has no way to fail.`;

export function hostInterfaces(bound: BoundInterface, scope: HostScope): string {
	const openers = bound.resources.filter(({ statics }) => statics.length > 0);
	const members = [
		...bound.functions.map((each) => member(each, scope)),
		...openers.map((resource) => `${docComment(staticsDoc(resource), 1)}\treadonly ${resource.member}: ${resource.hostType}Statics;\n`),
	];
	const intro = `${docText(bound.entry.interface)}\n\nWhat a host implements for \`${bound.entry.importName}\`. ${THROWING}`;
	return [
		`${docComment(intro)}export interface ${bound.hostType} {\n${members.join("\n")}}\n`,
		...bound.resources.flatMap((resource) => resourceInterfaces(resource, scope)),
	].join("\n");
}

function staticsDoc({ def }: BoundResource): string {
	return `Functions of resource \`${def.name}\` that need no handle.`;
}

/** The object behind a handle, and how one comes to be. */
function resourceInterfaces(resource: BoundResource, scope: HostScope): string[] {
	const drop = `${docComment("Called once: when the guest drops the handle, or when its instance ends.", 1)}\t[Symbol.dispose](): void;\n`;
	const methods = [...resource.methods.map((each) => member(each, scope)), drop];
	const object = `${docComment(docText(resource.def))}export interface ${resource.hostType} {\n${methods.join("\n")}}\n`;
	if (resource.statics.length === 0) return [object];
	const openers = resource.statics;
	return [
		`${docComment(staticsDoc(resource))}export interface ${resource.hostType}Statics {\n${openers.map((each) => member(each, scope)).join("\n")}}\n`,
		object,
	];
}

function member(each: HostFunction, scope: HostScope): string {
	const params = each.func.params.map((param) => `${parameterName(param.name)}: ${scope.hostType(param.type)}`);
	const value = each.ok === undefined ? "void" : scope.hostType(each.ok);
	const result = each.blocking ? `Promise<${value}>` : value;
	return `${docComment(docText(each.func), 1)}\t${delimited(`${each.member}(`, params, `): ${result};`, 1)}\n`;
}
