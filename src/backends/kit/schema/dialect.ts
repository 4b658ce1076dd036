import type { JsonObject } from "../../../../generated/ir/json.ts";
import type { TypeName } from "./keywords.ts";

/** Kinds of values that a dialect distinguishes in `enum` and `const`. `complex` is an object or a list. */
export type ValueKind = "string" | "number" | "boolean" | "null" | "complex";

/**
 * A vendor's dialect of JSON Schema: the part of the language that one member of its API accepts. `lowerSchema` is the engine that reads it.
 *
 * A dialect is data. Each one cites the reference that it follows, and the reports of what the vendor really refuses.
 */
export interface SchemaDialect {
	/** Name in messages, such as `OpenAI's strict mode`. */
	readonly name: string;
	/** Keywords that are sent. `description` and the keywords that other members of the dialect allow are always sent. */
	readonly keywords: ReadonlySet<string>;
	/**
	 * Treatment of all other keywords that restrict values.
	 * - `keep`: sent. The dialect is the whole language, except for what its other members say.
	 * - `describe`: moved into the description, as a downgrade.
	 */
	readonly otherKeywords: "keep" | "describe";
	/** Formats of strings that are sent. Absent: all. */
	readonly formats?: ReadonlySet<string>;
	/** Returns true for a pattern that the upstream accepts. Absent: all. */
	readonly acceptsPattern?: (pattern: string) => boolean;
	/** Types for which a keyword of `keywords` has an effect. Absent for a keyword: all types that it concerns. */
	readonly onlyFor?: ReadonlyMap<string, ReadonlySet<TypeName>>;
	/** Largest `minItems`. Absent: no limit. */
	readonly maxMinItems?: number;
	/** Largest length and largest number of items or properties, in `minLength`, `maxItems` and their like. Absent: no limit. */
	readonly maxCount?: number;
	/** Form of the property names that the upstream accepts. Absent: any. */
	readonly propertyName?: RegExp;
	readonly root: RootRule;
	readonly references: ReferenceRule;
	readonly unions: UnionRule;
	/** True if the upstream accepts `allOf`. Otherwise its schemas are merged into one, if they can be. */
	readonly allOf: boolean;
	/** Lists of types that are sent: all, lists of scalar types alone, or none. Others become a union. */
	readonly typeLists: "all" | "scalars" | "none";
	/** True if each schema needs a type. A missing type is derived from the other keywords. */
	readonly needsType: boolean;
	/** Schema that is sent for `{}` and `true`. Absent: these. */
	readonly anything?: JsonObject;
	/** Kinds of values that `enum` and `const` may hold. Absent: all. */
	readonly values?: ReadonlySet<ValueKind>;
	/** True if `const` is sent. Otherwise it becomes an `enum`. */
	readonly consts: boolean;
	/**
	 * Objects with properties that the schema does not name.
	 * - `open`: allowed, as JSON Schema has it.
	 * - `implied-closed`: allowed if the schema says so. Without `additionalProperties` the upstream reads `false`.
	 * - `named-closed`: the same for objects with `properties`. Others are open.
	 * - `closed`: never. `additionalProperties: false` is demanded.
	 */
	readonly objects: "open" | "implied-closed" | "named-closed" | "closed";
	/** Properties that must be required: `any` number, at least `one` of each object, or `all`. */
	readonly required: "any" | "one" | "all";
	/** True if `items` is demanded in schemas of lists. */
	readonly needsItems?: boolean;
	readonly bounds?: SchemaBounds;
}

/** The outermost schema. */
export interface RootRule {
	/** True if its type must be `object`. */
	readonly object: boolean;
	/** Treatment of `anyOf`, `oneOf` and `allOf` there. `flatten` joins the alternatives into one object, which accepts more. */
	readonly unions: "keep" | "flatten" | "reject";
	/** Keywords that may stand there. Absent: all of the dialect. */
	readonly only?: ReadonlySet<string>;
}

/** References within a schema. References to other documents are always refused, unless the dialect leaves references alone. */
export interface ReferenceRule {
	/**
	 * - `untouched`: sent with their definitions, wherever these are.
	 * - `defs`: sent, with all definitions in `$defs` of the outermost schema.
	 * - `inline`: replaced by the schemas that they name.
	 */
	readonly form: "untouched" | "defs" | "inline";
	/** Schemas that contain themselves: `any`, `optional` for those that do so in a property that is not required, or `none`. */
	readonly recursion: "any" | "optional" | "none";
	/** Treatment of annotations beside `$ref`: sent, around an `anyOf` of the reference alone, or in a copy of the schema. */
	readonly siblings: "keep" | "wrap" | "copy";
	/** True if `#` names the outermost schema. */
	readonly root: boolean;
}

/** Alternatives. */
export interface UnionRule {
	/** Keyword that is sent for alternatives. `both` distinguishes `anyOf` and `oneOf`. */
	readonly keyword: "anyOf" | "oneOf" | "both";
	/** True if other keywords that restrict values may stand beside it. Otherwise each alternative gets a copy of them. */
	readonly siblings: boolean;
}

/** Bounds of size. Absent: none. */
export interface SchemaBounds {
	/** Levels of objects and lists within each other. */
	readonly depth?: number;
	/** Properties of all objects. */
	readonly properties?: number;
	/** Values of all `enum` keywords. */
	readonly enumValues?: number;
	/** Characters of all property names, names of definitions, values of `enum` and of `const`. */
	readonly characters?: number;
	/** Characters of one `enum` of strings that has more than `over` values. */
	readonly largeEnum?: { readonly over: number; readonly characters: number };
	/** Properties that are not required, in all schemas of a request. */
	readonly optionalProperties?: number;
	/** Schemas with alternatives or a list of types, in all schemas of a request. */
	readonly unions?: number;
}

/** The dialects of one vendor, by member of a request. `as-is` sends schemas unchanged. */
export interface VendorDialects {
	/** Parameters of tools. */
	readonly tools: SchemaDialect | "as-is";
	/** Parameters of tools that are `strict`. */
	readonly strictTools: SchemaDialect | "as-is";
	/** Schema of the answer. */
	readonly output: SchemaDialect | "as-is";
	/** Schema of the answer if it is `strict`. */
	readonly strictOutput: SchemaDialect | "as-is";
	/** Most tools of a request that are `strict`. Absent: no limit. */
	readonly maxStrictTools?: number;
}
