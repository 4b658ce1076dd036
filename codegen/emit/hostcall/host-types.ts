/** The TypeScript interfaces a host implements: one for the WIT interface, one or two for each of its resources. */

import { type HostFunction, type HostInterface, type HostResource, unboundFunctions } from "../../model/host-interface.ts";
import { NameScope } from "../../model/names/name-scope.ts";
import { signatureName } from "../../model/names/reserved.ts";
import { camelCase } from "../../model/names/spelling.ts";
import { docComment, docText } from "../kit/doc-comment.ts";
import { delimited } from "../kit/layout.ts";
import type { HostcallScope } from "./scope.ts";

const CONTRACT = `Values are in the shape of the Canonical IR.
A thrown error becomes the ABI's error record. In a function that has no way to fail it is a fault instead.`;

export function hostTypes(iface: HostInterface, scope: HostcallScope): string {
	const members = [
		...iface.functions.map((each) => member(each, scope)),
		...iface.resources
			.filter((resource) => unboundFunctions(resource).length > 0)
			.map((resource) => `${docComment(memberDoc(resource), 1)}\treadonly ${resource.member}: ${resource.functionsType};\n`),
	];
	const intro = `${docText(iface.entry.interface)}\n\nThe host's implementation of \`${iface.entry.importName}\`. ${CONTRACT}`;
	return [
		`${docComment(intro)}export interface ${iface.typeName} {\n${members.join("\n")}}\n`,
		...iface.resources.flatMap((resource) => resourceTypes(resource, scope)),
	].join("\n");
}

function memberDoc({ def, isReadiness }: HostResource): string {
	return `Functions of resource \`${def.name}\`${isReadiness ? "" : " that need no handle"}.`;
}

function functionsDoc(resource: HostResource): string {
	if (!resource.isReadiness) return memberDoc(resource);
	return `${docText(resource.def)}\n\n${memberDoc(resource)} A method takes the readiness behind the handle as \`self\`.`;
}

/** The functions on the interface itself, then the object behind a handle. */
function resourceTypes(resource: HostResource, scope: HostcallScope): string[] {
	const functions = unboundFunctions(resource).map((each) => member(each, scope, each.func.kind === "method"));
	const types: string[] = [];
	if (functions.length > 0)
		types.push(`${docComment(functionsDoc(resource))}export interface ${resource.functionsType} {\n${functions.join("\n")}}\n`);
	if (resource.isReadiness) return types;
	const drop = `${docComment("Called once, when the guest drops the handle or its instance ends.", 1)}\t[Symbol.dispose](): void;\n`;
	const methods = [...resource.methods.map((each) => member(each, scope)), drop];
	return [...types, `${docComment(docText(resource.def))}export interface ${resource.typeName} {\n${methods.join("\n")}}\n`];
}

/** @param takesSelf whether the function takes the readiness behind the handle as its first parameter */
function member(each: HostFunction, scope: HostcallScope, takesSelf = false): string {
	const self = takesSelf ? [`self: ${scope.readiness()}`] : [];
	const names = new NameScope(takesSelf ? ["self"] : []);
	const params = each.func.params.map(({ name, type }) => `${names.take(camelCase(name))}: ${scope.valueType(type)}`);
	const value = each.ok === undefined ? "void" : scope.valueType(each.ok);
	const result = each.blocking ? `Promise<${value}>` : value;
	return `${docComment(docText(each.func), 1)}\t${delimited(`${signatureName(each.member)}(`, [...self, ...params], `): ${result};`, 1)}\n`;
}
