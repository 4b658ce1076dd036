import type { CoreItemSort, Sort } from "../../binary/sort.ts";

/** A value type in place: a primitive, or the index of a type. */
export type ValueRef = { readonly primitive: Primitive } | { readonly index: number };

export type Primitive =
	| "bool"
	| "s8"
	| "u8"
	| "s16"
	| "u16"
	| "s32"
	| "u32"
	| "s64"
	| "u64"
	| "f32"
	| "f64"
	| "char"
	| "string"
	| "error-context";

/** A name with a type: a field of a record, or a parameter. */
export interface LabelledRef {
	readonly name: string;
	readonly type: ValueRef;
}

/** A type definition. Indices refer to the scope in which it stands. */
export type TypeDefinition =
	| { readonly kind: "primitive"; readonly primitive: Primitive }
	| { readonly kind: "record"; readonly fields: readonly LabelledRef[] }
	| { readonly kind: "variant"; readonly cases: readonly { readonly name: string; readonly type: ValueRef | undefined }[] }
	| { readonly kind: "tuple"; readonly items: readonly ValueRef[] }
	| { readonly kind: "list" | "option"; readonly element: ValueRef }
	| { readonly kind: "result"; readonly ok: ValueRef | undefined; readonly err: ValueRef | undefined }
	| { readonly kind: "enum" | "flags"; readonly names: readonly string[] }
	| { readonly kind: "own" | "borrow"; readonly resource: number }
	/** A value type that this host cannot pass. Refused where a function that uses the type is lowered or exported. */
	| { readonly kind: "unsupported"; readonly what: string; readonly parts: readonly ValueRef[] }
	| { readonly kind: "function"; readonly async: boolean; readonly params: readonly LabelledRef[]; readonly result: ValueRef | undefined }
	| { readonly kind: "instance type" | "component type"; readonly declarations: readonly Declaration[] }
	| { readonly kind: "resource"; readonly destructor: number | undefined };

/** The declared type of an import or export. */
export type Extern =
	| { readonly kind: "core module" | "function" | "component" | "instance" | "type"; readonly type: number }
	/** A new resource type. */
	| { readonly kind: "resource" };

/** A core type. Only module types are distinguished: signatures are checked by the engine. */
export type CoreType = "function" | "module";

export type Alias =
	| { readonly kind: "alias export"; readonly at: number; readonly sort: Sort; readonly instance: number; readonly name: string }
	| {
			readonly kind: "alias core export";
			readonly at: number;
			readonly sort: CoreItemSort;
			readonly instance: number;
			readonly name: string;
	  }
	| { readonly kind: "alias outer"; readonly at: number; readonly sort: Sort; readonly depth: number; readonly index: number };

/** Part of an instance type or a component type. */
export type Declaration =
	| { readonly kind: "core type"; readonly at: number; readonly type: CoreType }
	| { readonly kind: "type"; readonly at: number; readonly type: TypeDefinition }
	| Alias
	| { readonly kind: "import"; readonly at: number; readonly name: string; readonly extern: Extern }
	| { readonly kind: "declared export"; readonly at: number; readonly name: string; readonly extern: Extern };

/** Reference to an item of an index space, with a name. */
export interface NamedItem<S extends Sort = Sort> {
	readonly name: string;
	readonly sort: S;
	readonly index: number;
}

export interface CanonOptions {
	readonly memory?: number;
	readonly realloc?: number;
	readonly postReturn?: number;
}

/** A core module. */
export interface CoreModuleDefinition {
	readonly kind: "core module";
	readonly at: number;
	/** Place among the core modules of the file. */
	readonly index: number;
	readonly bytes: Uint8Array;
}

/** Definition of a component, in the order of the file. `at` is the byte at which the definition stands. */
export type Definition =
	| CoreModuleDefinition
	| {
			readonly kind: "core instantiate";
			readonly at: number;
			readonly module: number;
			readonly args: readonly { readonly name: string; readonly instance: number }[];
	  }
	| { readonly kind: "core inline instance"; readonly at: number; readonly exports: readonly NamedItem<CoreItemSort>[] }
	| { readonly kind: "core type"; readonly at: number; readonly type: CoreType }
	| { readonly kind: "component"; readonly at: number; readonly component: ComponentDefinition }
	| { readonly kind: "instantiate"; readonly at: number; readonly component: number; readonly args: readonly NamedItem[] }
	| { readonly kind: "inline instance"; readonly at: number; readonly exports: readonly NamedItem[] }
	| Alias
	| { readonly kind: "type"; readonly at: number; readonly type: TypeDefinition }
	| { readonly kind: "lift"; readonly at: number; readonly core: number; readonly options: CanonOptions; readonly type: number }
	| { readonly kind: "lower"; readonly at: number; readonly function: number; readonly options: CanonOptions }
	| { readonly kind: "resource.new" | "resource.drop" | "resource.rep"; readonly at: number; readonly resource: number }
	| { readonly kind: "import"; readonly at: number; readonly name: string; readonly extern: Extern }
	| {
			readonly kind: "export";
			readonly at: number;
			readonly name: string;
			readonly sort: Sort;
			readonly index: number;
			readonly extern: Extern | undefined;
	  };

export interface ComponentDefinition {
	readonly definitions: readonly Definition[];
}

/** The outermost component of a file. */
export interface ParsedComponent extends ComponentDefinition {
	/** Core modules of this component and of those inside it, in the order of the file. */
	readonly modules: readonly Uint8Array[];
}
