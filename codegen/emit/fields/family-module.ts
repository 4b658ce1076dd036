/** `ir/fields/<interface>.ts`: the fields of one operation's payload. */
import { type Family, featuresOf } from "../../model/abi.ts";
import { moduleOf } from "../../model/carried/data-types.ts";
import { type FieldNode, fieldTree, flattened } from "../../model/carried/field-tree.ts";
import { type IrScope, jsonKindOf, jsonTypeName, withoutAliases } from "../../model/carried/ir-type.ts";
import type { Model } from "../../model/model.ts";
import { pascalFromSnake } from "../../model/names/spelling.ts";
import { moduleAlias, typeName } from "../../model/names/type-names.ts";
import { docText } from "../kit/doc-comment.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { delimited } from "../kit/layout.ts";
import { template } from "../kit/template.ts";
import { FieldWalkers, valueType } from "./walkers.ts";

interface FieldsView {
	readonly operation: string;
	readonly feature: string;
	readonly name: string;
	readonly payload: string;
	readonly fields: readonly { readonly doc: string; readonly path: string; readonly type: string }[];
	readonly list: string;
	readonly demands: string;
	readonly body: string;
	readonly walkers: readonly string[];
}

const render = template<FieldsView>(new URL("./fields.hbs", import.meta.url));

export function fieldsModule(family: Family, model: Model): string {
	const name = pascalFromSnake(family.operation);
	const imports = new Imports([`${name}Field`, `${name}FieldVisitor`, `${name}Fields`, "FIELDS", "FEATURE_DEMANDS", "walkFields"]);
	const feature = imports.type("Feature", "../operations.ts");
	const scope: IrScope = {
		named(def) {
			const kind = def.kind === "alias" ? jsonKindOf({ kind: "named", def, span: def.span }) : undefined;
			if (kind !== undefined) return `${imports.typeNamespace("json", "../json.ts")}.${jsonTypeName(kind)}`;
			const module = moduleOf(def, model);
			return `${imports.typeNamespace(moduleAlias(module), `../${module}.ts`)}.${typeName(def)}`;
		},
	};
	const tree = fieldTree(family.payload);
	const nodes = flattened(tree);
	const walkers = new FieldWalkers(scope, `${name}FieldVisitor`, imports.scope);
	const body = walkers.entry(family.payload, tree);
	const text = render({
		operation: family.operation,
		feature,
		name,
		payload: scope.named(family.payload),
		fields: nodes.map((node) => ({ doc: docText(node.item), path: node.path, type: valueType(node, scope) })),
		list: delimited(
			"[",
			nodes.map(({ path }) => JSON.stringify(path)),
			"]",
			0,
		),
		demands: delimited("[", nodes.flatMap(demandsOf), "]", 0),
		body: body.trimEnd(),
		walkers: walkers.functions(),
	});
	return [header([witSource(family.interface)]), imports.toString(), text].join("\n");
}

function demandsOf({ path, item, type }: FieldNode): string[] {
	const target = type === undefined ? undefined : withoutAliases(type);
	const onlyIfTrue = target?.kind === "primitive" && target.name === "bool";
	return featuresOf(item).map(
		(feature) => `{ field: ${JSON.stringify(path)}, feature: ${JSON.stringify(feature)}, onlyIfTrue: ${onlyIfTrue} }`,
	);
}
