/** Functions that visit the present fields of a payload: one function for each field that has parts. */
import { isOptionalField, tagValue } from "../../model/abi.ts";
import type { FieldNode, FieldParts } from "../../model/carried/field-tree.ts";
import { type IrScope, irType, withoutAliases } from "../../model/carried/ir-type.ts";
import { isNestedOption } from "../../model/carried/wit-type.ts";
import type { Field, RecordDef, TypeRef } from "../../model/model.ts";
import type { NameScope } from "../../model/names/name-scope.ts";
import { pascalFromSnake, snakeCase } from "../../model/names/spelling.ts";
import { tabs } from "../kit/layout.ts";

export class FieldWalkers {
	readonly #scope: IrScope;
	readonly #visitor: string;
	readonly #names: NameScope;
	readonly #functions: string[] = [];

	/**
	 * @param visitor type of the argument `visit`
	 * @param names names of the file
	 */
	constructor(scope: IrScope, visitor: string, names: NameScope) {
		this.#scope = scope;
		this.#visitor = visitor;
		this.#names = names;
	}

	/** Statements that visit the fields of a payload in the variable `payload`. */
	entry(payload: RecordDef, nodes: readonly FieldNode[]): string {
		return this.#body({ def: payload, children: nodes }, "payload");
	}

	/** Declarations of all functions that the statements call. */
	functions(): readonly string[] {
		return this.#functions;
	}

	/** Declares the function for the parts of a field, and returns its name. */
	#walker(path: string, parts: FieldParts): string {
		const name = this.#names.take(`walk${path.split(".").map(pascalFromSnake).join("")}`);
		const index = this.#functions.push("") - 1;
		const body = this.#body(parts, "value");
		const type = this.#scope.named(parts.def);
		this.#functions[index] = `function ${name}(value: ${type}, visit: ${this.#visitor}): void {\n${body}}`;
		return name;
	}

	#body({ def, children }: FieldParts, value: string): string {
		if (def.kind === "record") return children.map((node) => this.#fieldStatements(node, value)).join("");
		const cases = children.map((node) => {
			const name = snakeCase(node.item.name);
			const lines = this.#visits(node, node.type === undefined ? "undefined" : `${value}.${name}`, 3);
			return `${tabs(2)}case ${JSON.stringify(name)}:\n${lines}${tabs(3)}break;\n`;
		});
		return `${tabs(1)}switch (${value}.type) {\n${cases.join("")}${tabs(1)}}\n`;
	}

	#fieldStatements(node: FieldNode, parent: string): string {
		const value = `${parent}.${snakeCase(node.item.name)}`;
		const present = node.item.type === undefined ? undefined : presence({ ...node.item, type: node.item.type }, value);
		if (present === undefined) return this.#visits(node, value, 1);
		if (node.parts === undefined) return `${tabs(1)}if (${present}) ${this.#visits(node, value, 0)}`;
		return `${tabs(1)}if (${present}) {\n${this.#visits(node, value, 2)}${tabs(1)}}\n`;
	}

	/** The call for the field itself, and the call for its parts. */
	#visits(node: FieldNode, value: string, depth: number): string {
		const own = `${tabs(depth)}visit(${JSON.stringify(node.path)}, ${value});\n`;
		if (node.parts === undefined || node.type === undefined) return own;
		const walker = this.#walker(node.path, node.parts);
		return `${own}${tabs(depth)}${partsStatement(node.type, value, walker, 0)}\n`;
	}
}

/** A statement that walks the record or variant in a value: itself, or each in a list. `depth` names loop variables. */
function partsStatement(type: TypeRef, value: string, walker: string, depth: number): string {
	const target = withoutAliases(type);
	const item = depth === 0 ? "item" : `item${depth}`;
	if (target.kind === "list") return `for (const ${item} of ${value}) ${partsStatement(target.element, item, walker, depth + 1)}`;
	if (target.kind === "option") {
		return `if (${value} !== null) ${partsStatement(target.some, isNestedOption(target) ? `${value}.some` : value, walker, depth)}`;
	}
	return `${walker}(${value}, visit);`;
}

/**
 * The condition under which a field counts as present; undefined for a field that every value has. An empty list and a value equal to
 * the field's default count as absent.
 */
function presence(field: Field, value: string): string | undefined {
	const type = field.type.kind === "option" ? field.type.some : field.type;
	const target = withoutAliases(type);
	const given = isOptionalField(field) ? `${value} !== undefined` : undefined;
	const isList = target.kind === "list" || (target.kind === "named" && target.def.kind === "flags");
	const preset = isList ? undefined : tagValue(field, "default");
	const unlike = isList ? `${value}.length > 0` : preset === undefined ? undefined : unlikePreset(target, value, preset);
	const conditions = [given, unlike].filter((condition) => condition !== undefined);
	return conditions.length === 0 ? undefined : conditions.join(" && ");
}

/** The condition that a value differs from the field's default. */
function unlikePreset(target: TypeRef, value: string, preset: string): string {
	const isVariant = target.kind === "named" && target.def.kind === "variant";
	return `${isVariant ? `${value}.type` : value} !== ${presetLiteral(target, preset)}`;
}

function presetLiteral(target: TypeRef, preset: string): string {
	if (target.kind === "named") return JSON.stringify(snakeCase(preset));
	const isText = target.kind === "primitive" && (target.name === "string" || target.name === "char");
	return isText ? JSON.stringify(preset) : preset;
}

/** The type of the value that a visitor receives for a field. */
export function valueType(node: FieldNode, scope: IrScope): string {
	return node.type === undefined ? "undefined" : irType(node.type, scope);
}
