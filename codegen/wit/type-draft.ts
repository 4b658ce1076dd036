/**
 * Named types before their parts are resolved. Each declaration has its definition from the start, so that types can refer to each other in
 * any order, however long the chain.
 */
import type { AliasDef, EnumDef, FlagsDef, Gates, RecordDef, ResourceDef, TypeOwner, VariantDef } from "../model/model.ts";
import { readDocs } from "./docs.ts";
import type { SourceFile } from "./source-file.ts";
import type { TypeNode } from "./syntax.ts";
import { unknownType } from "./unknown-type.ts";

type Draft<Def> = { -readonly [Key in keyof Def]: Def[Key] };

export type ResourceDraft = Draft<ResourceDef>;
export type TypeDraft = Draft<AliasDef> | Draft<RecordDef> | Draft<VariantDef> | Draft<EnumDef> | Draft<FlagsDef> | ResourceDraft;

export function draftOf(source: SourceFile, owner: TypeOwner, node: TypeNode, gates: Gates): TypeDraft {
	const span = source.span(node.name);
	const base = { name: node.name.text, docs: readDocs(source, node.docs), gates, span, owner };
	switch (node.kind) {
		case "alias":
			return { kind: "alias", ...base, type: unknownType(span) };
		case "record":
			return { kind: "record", ...base, fields: [] };
		case "variant":
			return { kind: "variant", ...base, cases: [] };
		case "enum":
			return { kind: "enum", ...base, cases: [] };
		case "flags":
			return { kind: "flags", ...base, flags: [] };
		case "resource":
			return { kind: "resource", ...base, functions: [] };
	}
}
