/**
 * The language-neutral model of a resolved WIT package: what the reader produces and every emitter consumes.
 *
 * A value flows one way: WIT text → (wit/parse) syntax tree → (wit/resolve) this model → (emit/*) files.
 * Everything is resolved: a `use`d name refers to the one `TypeDef` object that declares it, a world's `include`s
 * are flattened, and inactive feature gates are already removed. Nothing here knows TypeScript, JSON or jco.
 */

/** A half-open range of one source file. Lines and columns count from 1, columns in UTF-16 code units; offsets from 0. */
export interface Span {
	/** Path of the file, relative to the directory given to the reader, with `/` separators. */
	readonly file: string;
	readonly line: number;
	readonly column: number;
	readonly offset: number;
	readonly endLine: number;
	readonly endColumn: number;
	readonly endOffset: number;
}

/** A structured doc tag: a doc line that begins with `@name`, e.g. `@feature supports_tools`. */
export interface DocTag {
	/** Name without the `@`. */
	readonly name: string;
	/** The rest of the line, trimmed; empty when the tag stands alone. */
	readonly value: string;
	readonly span: Span;
}

/** A doc comment, split into prose (Markdown) and structured tags. */
export interface Docs {
	/** Prose without the tag lines and without comment markers; lines joined by `\n`, trimmed. Empty when undocumented. */
	readonly text: string;
	readonly tags: readonly DocTag[];
}

/** Feature gates as written on the item (`@since`, `@unstable`, `@deprecated`). */
export interface Gates {
	readonly since?: { readonly version: string };
	readonly unstable?: { readonly feature: string };
	readonly deprecated?: { readonly version: string };
}

/** The common part of all named items. Names are kebab-case as in WIT, without a leading `%`. */
export interface Item {
	readonly name: string;
	readonly docs: Docs;
	readonly gates: Gates;
	readonly span: Span;
}

export interface PackageId {
	readonly namespace: string;
	readonly name: string;
	/** Semantic version without a leading `@`; absent when the package declares none. */
	readonly version?: string;
}

/** A package: the unit `wit/` holds, or one of its dependencies. */
export interface Package {
	readonly id: PackageId;
	readonly docs: Docs;
	/** In the order of file name, then of declaration. */
	readonly interfaces: readonly Interface[];
	readonly worlds: readonly World[];
}

/** All packages reachable from one WIT directory. */
export interface Model {
	/** The package of the directory itself. */
	readonly main: Package;
	/** All packages, `main` first, then dependencies in topological order (a package after those it uses). */
	readonly packages: readonly Package[];
}

export interface Interface extends Item {
	readonly package: PackageId;
	/** In order of declaration. `use`d types are in `uses`, not here. */
	readonly types: readonly TypeDef[];
	/** Freestanding functions, in order of declaration; functions of resources are in their `ResourceDef`. */
	readonly functions: readonly Func[];
	readonly uses: readonly Use[];
}

/** A name brought in by `use iface.{name as alias}`. */
export interface Use {
	/** The name in the using scope. */
	readonly name: string;
	readonly target: TypeDef;
	readonly span: Span;
}

export type TypeDef = RecordDef | VariantDef | EnumDef | FlagsDef | AliasDef | ResourceDef;

interface TypeDefBase extends Item {
	/** The interface or world that declares the type. */
	readonly owner: TypeOwner;
}

export type TypeOwner =
	| { readonly kind: "interface"; readonly package: PackageId; readonly name: string }
	| { readonly kind: "world"; readonly package: PackageId; readonly name: string };

export interface RecordDef extends TypeDefBase {
	readonly kind: "record";
	readonly fields: readonly Field[];
}

export interface VariantDef extends TypeDefBase {
	readonly kind: "variant";
	readonly cases: readonly Case[];
}

export interface EnumDef extends TypeDefBase {
	readonly kind: "enum";
	readonly cases: readonly Member[];
}

export interface FlagsDef extends TypeDefBase {
	readonly kind: "flags";
	readonly flags: readonly Member[];
}

/** `type a = b`. A `use … as` is not an alias: it refers to the original. */
export interface AliasDef extends TypeDefBase {
	readonly kind: "alias";
	readonly type: TypeRef;
}

export interface ResourceDef extends TypeDefBase {
	readonly kind: "resource";
	readonly constructorFunc?: Func;
	/** Methods and static functions in order of declaration. */
	readonly functions: readonly Func[];
}

/** A named part without gates of its own: record field, enum case, flag. */
export interface Member {
	readonly name: string;
	readonly docs: Docs;
	readonly span: Span;
}

export interface Field extends Member {
	readonly type: TypeRef;
}

export interface Case extends Member {
	readonly type?: TypeRef;
}

export type PrimitiveName =
	| "bool"
	| "u8"
	| "u16"
	| "u32"
	| "u64"
	| "s8"
	| "s16"
	| "s32"
	| "s64"
	| "f32"
	| "f64"
	| "char"
	| "string"
	| "error-context";

export type TypeRef = (
	| { readonly kind: "primitive"; readonly name: PrimitiveName }
	| { readonly kind: "list"; readonly element: TypeRef; readonly length?: number }
	| { readonly kind: "map"; readonly key: TypeRef; readonly value: TypeRef }
	| { readonly kind: "option"; readonly some: TypeRef }
	| { readonly kind: "result"; readonly ok?: TypeRef; readonly err?: TypeRef }
	| { readonly kind: "tuple"; readonly items: readonly TypeRef[] }
	/** A record, variant, enum, flags or alias; never a resource. */
	| { readonly kind: "named"; readonly def: Exclude<TypeDef, ResourceDef> }
	/** A resource handle. `mode: "own"` also stands for a resource named bare. */
	| { readonly kind: "handle"; readonly mode: "own" | "borrow"; readonly def: ResourceDef }
	| { readonly kind: "stream"; readonly element?: TypeRef }
	| { readonly kind: "future"; readonly element?: TypeRef }
) & { readonly span: Span };

export interface Param {
	readonly name: string;
	readonly type: TypeRef;
	readonly span: Span;
}

export interface Func extends Item {
	readonly kind: "freestanding" | "method" | "static" | "constructor";
	readonly async: boolean;
	/** Without the implicit `self` of a method. */
	readonly params: readonly Param[];
	readonly result?: TypeRef;
	/** Set for all kinds but `freestanding`. */
	readonly resource?: ResourceDef;
}

export interface World extends Item {
	readonly package: PackageId;
	/** Explicit imports, then interfaces imported only because something uses their types; each once. */
	readonly imports: readonly WorldItem[];
	readonly exports: readonly WorldItem[];
	/** Types the world itself declares. */
	readonly types: readonly TypeDef[];
	readonly uses: readonly Use[];
}

export type WorldItem =
	/** `name` is set for an inline `import name: interface {…}`. `implied` marks a transitive import. */
	| {
			readonly kind: "interface";
			readonly interface: Interface;
			readonly name?: string;
			readonly implied: boolean;
			readonly docs: Docs;
			readonly gates: Gates;
	  }
	| { readonly kind: "function"; readonly func: Func };
