/** The text of a member that is not written yet: it compiles, and says so when it is reached. */
import type { Symbol as MorphSymbol, Node, Type } from "ts-morph";

export interface StubContext {
	/** The place of the new member. Types are resolved from there. */
	readonly location: Node;
	/** The owner of the member, for its message, e.g. `Session`. */
	readonly owner: string;
	/** An expression that makes the error to throw; asking for it imports what it needs. */
	readonly error: (message: string) => string;
	/** `UNAVAILABLE`; asking for it imports it. */
	readonly unavailable: () => string;
}

/** A member of an object literal. Parameters need no types there: the context has them. */
export function literalMember(member: MorphSymbol, context: StubContext): string {
	const name = memberName(member);
	const type = member.getTypeAtLocation(context.location);
	if (allowsUnavailable(type)) return `${name}: ${context.unavailable()}`;
	if (type.isNullable()) return `${name}: undefined`;
	const [signature] = type.getCallSignatures();
	if (signature !== undefined) {
		const params = signature.getParameters().map((parameter) => `_${parameter.getName()}`);
		return `${asyncMark(signature.getReturnType())}${name}(${params.join(", ")}) {\n\t${notWritten(name, context)}\n}`;
	}
	if (type.getProperties().length > 0 && type.getProperties().every((inner) => isCallable(inner, context.location))) {
		const inner = { ...context, owner: `${context.owner}.${name}` };
		const members = type.getProperties().map((property) => literalMember(property, inner));
		return `${name}: {\n${members.map((text) => `${indent(text)},\n`).join("")}}`;
	}
	return `get ${name}(): never {\n\t${notWritten(name, context)}\n}`;
}

/** A member of a class. The types are taken from the interface by name, so that no other import is needed. */
export function classMember(member: MorphSymbol, interfaceName: string, context: StubContext): string {
	const name = memberName(member);
	const access = name.startsWith("[") ? `typeof ${name.slice(1, -1)}` : JSON.stringify(name);
	const written = `${interfaceName}[${access}]`;
	const [signature] = member.getTypeAtLocation(context.location).getCallSignatures();
	if (signature === undefined) return `get ${name}(): ${written} {\n\t${notWritten(name, context)}\n}`;
	const params = signature.getParameters().map((parameter, index) => `_${parameter.getName()}: Parameters<${written}>[${index}]`);
	return `${asyncMark(signature.getReturnType())}${name}(${params.join(", ")}): ReturnType<${written}> {\n\t${notWritten(name, context)}\n}`;
}

/** The compiler calls `[Symbol.dispose]` something like `__@dispose@12`. */
export function memberName(member: MorphSymbol): string {
	const wellKnown = /^__@(\w+?)(?:@\d+)?$/.exec(member.getEscapedName())?.[1];
	if (wellKnown !== undefined) return `[Symbol.${wellKnown}]`;
	const name = member.getName();
	return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}

function notWritten(name: string, context: StubContext): string {
	return `throw ${context.error(`\`${context.owner}.${name}\` is not written yet`)};`;
}

/** A function that gives a promise fails by rejecting it. */
function asyncMark(returned: Type): string {
	return returned.getSymbol()?.getName() === "Promise" ? "async " : "";
}

function allowsUnavailable(type: Type): boolean {
	return type.isUnion() && type.getUnionTypes().some((member) => member.getText().endsWith("UNAVAILABLE"));
}

function isCallable(member: MorphSymbol, location: Node): boolean {
	return member.getTypeAtLocation(location).getCallSignatures().length > 0;
}

function indent(text: string): string {
	return text
		.split("\n")
		.map((line) => `\t${line}`)
		.join("\n");
}
