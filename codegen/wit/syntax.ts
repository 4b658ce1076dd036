/**
 * The syntax tree of one WIT file: exactly what is written, nothing resolved.
 *
 * Nodes carry offsets only; the `SourceFile` turns an offset into a line and a column when a diagnostic or the model
 * needs one. The shapes mirror the actions in `grammar.peggy`.
 */

/** A half-open range of offsets (UTF-16 code units) into the text of one file. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

/** An identifier as written; `text` has lost a leading `%`, which `escaped` records. */
export interface Name extends Range {
	readonly text: string;
	readonly escaped: boolean;
}

/** A piece of source taken as it is: a version, a number, a string literal. */
export interface Literal extends Range {
	readonly text: string;
}

export type GateNode =
	| (Range & { readonly kind: "since" | "deprecated"; readonly version: Literal })
	| (Range & { readonly kind: "unstable"; readonly feature: Name })
	| (Range & { readonly kind: "external-id"; readonly value: Literal });

/** The docs and gates before an item. */
export interface Preamble {
	/** Doc comments, in order, each with its markers. */
	readonly docs: readonly Range[];
	readonly gates: readonly GateNode[];
}

/** `ns:name@1.2.3`. More than one namespace or a nested name is kept so that it can be diagnosed. */
export interface PackageName extends Range {
	readonly namespaces: readonly Name[];
	readonly names: readonly Name[];
	readonly version?: Literal;
}

/** `name` or `ns:pkg/name@1.2.3`. */
export interface UsePath extends Range {
	readonly package?: PackageName;
	readonly name: Name;
}

export interface FileNode {
	readonly package?: PackageDecl;
	readonly items: readonly TopItem[];
	readonly nested: readonly NestedPackage[];
}

export interface PackageDecl {
	readonly docs: readonly Range[];
	readonly id: PackageName;
}

export interface NestedPackage extends Range {
	readonly kind: "nested";
	readonly docs: readonly Range[];
	readonly id: PackageName;
	readonly items: readonly TopItem[];
}

export type TopItem = TopUse | InterfaceNode | WorldNode;

export interface TopUse extends Range, Preamble {
	readonly kind: "top-use";
	readonly path: UsePath;
	readonly alias?: Name;
}

export interface InterfaceNode extends Range, Preamble {
	readonly kind: "interface";
	readonly name: Name;
	readonly items: readonly InterfaceItem[];
}

export type InterfaceItem = UseNode | TypeNode | FuncNode;

export interface WorldNode extends Range, Preamble {
	readonly kind: "world";
	readonly name: Name;
	readonly items: readonly WorldItemNode[];
}

export type WorldItemNode = UseNode | TypeNode | IncludeNode | ExternNode;

/** `import …` or `export …`. */
export type ExternNode = ImportNode | ExportNode;

interface ImportNode extends Range, Preamble {
	readonly kind: "import";
	readonly target: ExternTarget;
}

interface ExportNode extends Range, Preamble {
	readonly kind: "export";
	readonly target: ExternTarget;
}

export type ExternTarget =
	| { readonly kind: "function"; readonly name: Name; readonly type: FuncType }
	| { readonly kind: "inline"; readonly name: Name; readonly items: readonly InterfaceItem[] }
	| { readonly kind: "path"; readonly path: UsePath }
	/** `import label: some-interface;` */
	| { readonly kind: "labelled"; readonly name: Name; readonly path: UsePath }
	/** `import ns:pkg;`, which names a package: kept to be diagnosed. */
	| { readonly kind: "package"; readonly range: Range };

export interface IncludeNode extends Range, Preamble {
	readonly kind: "include";
	readonly path: UsePath;
	readonly renames: readonly Rename[];
}

export interface UseNode extends Range, Preamble {
	readonly kind: "use";
	readonly path: UsePath;
	readonly names: readonly Rename[];
}

/** `a` or `a as b`. */
export interface Rename {
	readonly name: Name;
	readonly alias?: Name;
}

export interface FuncNode extends Range, Preamble {
	readonly kind: "function";
	readonly name: Name;
	readonly type: FuncType;
}

export interface FuncType {
	readonly async: boolean;
	readonly params: readonly ParamNode[];
	readonly result?: TypeExpr;
}

export interface ParamNode {
	readonly name: Name;
	readonly type: TypeExpr;
}

export type TypeNode = AliasNode | RecordNode | VariantNode | EnumNode | FlagsNode | ResourceNode;

interface TypeNodeBase extends Range, Preamble {
	readonly name: Name;
}

export interface AliasNode extends TypeNodeBase {
	readonly kind: "alias";
	readonly type: TypeExpr;
}

export interface RecordNode extends TypeNodeBase {
	readonly kind: "record";
	readonly fields: readonly MemberNode[];
}

export interface VariantNode extends TypeNodeBase {
	readonly kind: "variant";
	readonly cases: readonly MemberNode[];
}

export interface EnumNode extends TypeNodeBase {
	readonly kind: "enum";
	readonly cases: readonly MemberNode[];
}

export interface FlagsNode extends TypeNodeBase {
	readonly kind: "flags";
	readonly flags: readonly MemberNode[];
}

/** A record field (always typed), variant case (perhaps typed), enum case or flag (never typed). */
export interface MemberNode {
	readonly docs: readonly Range[];
	readonly name: Name;
	readonly type?: TypeExpr;
}

export interface ResourceNode extends TypeNodeBase {
	readonly kind: "resource";
	readonly functions: readonly ResourceFuncNode[];
}

export interface ResourceFuncNode extends Range, Preamble {
	readonly kind: "constructor" | "method" | "static";
	/** For a constructor, the keyword itself. */
	readonly name: Name;
	readonly type: FuncType;
}

export type TypeExpr = Range &
	(
		| { readonly kind: "primitive"; readonly name: string }
		| { readonly kind: "list"; readonly element: TypeExpr; readonly length?: Literal }
		| { readonly kind: "map"; readonly key: TypeExpr; readonly value: TypeExpr }
		| { readonly kind: "option"; readonly some: TypeExpr }
		| { readonly kind: "result"; readonly ok?: TypeExpr; readonly err?: TypeExpr }
		| { readonly kind: "tuple"; readonly items: readonly TypeExpr[] }
		| { readonly kind: "own" | "borrow"; readonly resource: Name }
		| { readonly kind: "stream" | "future"; readonly element?: TypeExpr }
		| { readonly kind: "name"; readonly name: Name }
	);
