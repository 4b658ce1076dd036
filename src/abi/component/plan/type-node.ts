import type { Primitive } from "../binary/definition.ts";

/** Core values of a type, a letter each as in a signature. Cut off where more letters mean the same: that the values pass in memory. */
export type FlatType = string;

/** Cost and needs of a value type, known without writing the type out. */
export interface Measure {
	/** Levels of types inside. */
	readonly depth: number;
	/** Upper bound of the length of the type key, in characters. Also bounds the number of parts, and the size of a value in words. */
	readonly keyLength: number;
	/** Core values of a parameter of this type. */
	readonly flat: FlatType;
	/** True if a value has parts in linear memory: strings and lists. */
	readonly pointers: boolean;
	/** True if a value may hold a borrowed handle. */
	readonly borrows: boolean;
	/** True if the type names a resource. */
	readonly resources: boolean;
	/** Name of a part that this host cannot pass. */
	readonly unsupported: string | undefined;
}

/** A resource type. Two are the same if their names are, or if they are the same object. */
export type ResourceType =
	/** A resource of an imported interface. The interface is named without its version. */
	| { readonly kind: "host resource"; readonly interface: string; readonly name: string }
	/** A resource that a component instance of this component defines. */
	| { readonly kind: "guest resource"; readonly guest: number; readonly instance: number }
	/** The resource of a type declaration that nothing implements. */
	| { readonly kind: "abstract resource" };

export type ValueShape =
	| { readonly kind: "primitive"; readonly primitive: Exclude<Primitive, "error-context"> }
	| { readonly kind: "record"; readonly fields: readonly { readonly name: string; readonly type: ValueNode }[] }
	| { readonly kind: "variant"; readonly cases: readonly { readonly name: string; readonly type: ValueNode | undefined }[] }
	| { readonly kind: "tuple"; readonly items: readonly ValueNode[] }
	| { readonly kind: "list" | "option"; readonly element: ValueNode }
	| { readonly kind: "result"; readonly ok: ValueNode | undefined; readonly err: ValueNode | undefined }
	| { readonly kind: "enum" | "flags"; readonly names: readonly string[] }
	| { readonly kind: "own" | "borrow"; readonly resource: ResourceType }
	| { readonly kind: "unsupported"; readonly what: string; readonly parts: readonly ValueNode[] };

/** A value type with its parts resolved. Parts may be shared, so that the type written out can be exponentially larger. */
export interface ValueNode {
	readonly kind: "value";
	readonly shape: ValueShape;
	readonly measure: Measure;
}

/** A function type with its parts resolved. */
export interface FunctionNode {
	readonly kind: "function";
	readonly params: readonly { readonly name: string; readonly type: ValueNode }[];
	readonly result: ValueNode | undefined;
	/** Upper bound of the length of the type key, in characters. */
	readonly keyLength: number;
	readonly resources: boolean;
	/** Name of a part that this host cannot pass. */
	readonly unsupported: string | undefined;
}
