/**
 * The hostcalls of core modules as emitters print them: the imports, and the way in which each passes its values. Built once by
 * `build-core.ts` from the package of `wit/spear-core/`.
 *
 * The tags, and where each may stand:
 *
 * | tag | on | means |
 * | --- | --- | --- |
 * | `@core-module name` | interface | module from which guests import its functions |
 * | `@core-import name` | function | name of the import |
 * | `@command n` | function | one of the functions that share an import `(fd, command, argument, length)`; `n` is the command |
 * | `@argument-first` | interface with commands | the argument's place is read and checked for each command, also for one that takes none |
 * | `@invalid errno` | command with an argument | answer for an argument that is not valid. The default is `einval` |
 * | `@blocking` | function | the guest waits until the host has answered |
 * | `@takes` | function with an `out-buffer` | the answer comes off a queue, after it was written |
 * | `@max-bytes n` | function with a text or bytes | a longer one, and one of negative length, is `einval` |
 * | `@number n` | enum case, flag | number that the guest passes |
 * | `@out-buffer` | alias of `u32` | place of an answer: a pointer, and a pointer to its length |
 * | `@packed` | record of numbers | is written as bytes, member after member |
 * | `@nullable` | field of type `option<…>` of an answer | is `null` if absent, and not left out |
 * | `@json any`, `@json object` | alias of `string` | JSON text; the host sees the parsed value |
 */
import type { Docs, EnumDef, Func, Interface, Member, Model, RecordDef, Span } from "../model.ts";

export interface CoreAbi {
	readonly model: Model;
	/** Errors of the calls, in order of declaration. */
	readonly errnos: readonly Numbered[];
	/** The enum of the errors. */
	readonly errno: EnumDef;
	/** The interfaces with functions. */
	readonly interfaces: readonly CoreInterface[];
}

/** An enum case or a flag with its number. */
export interface Numbered {
	readonly name: string;
	readonly docs: Docs;
	readonly span: Span;
	/** As the guest passes it. An error is returned with a minus sign. */
	readonly number: number;
}

export interface CoreInterface {
	readonly interface: Interface;
	/** Module of the imports, e.g. `spear`. */
	readonly module: string;
	/** In order of their first function. */
	readonly imports: readonly CoreImport[];
}

/** An import of a guest. */
export type CoreImport = PlainImport | CommandImport;

interface ImportBase {
	readonly module: string;
	readonly name: string;
	/** A letter for each parameter, `>`, and one for the result: `i` i32, `I` i64, `f` f32, `F` f64. */
	readonly signature: string;
	/** True if the guest waits. */
	readonly waits: boolean;
}

export interface PlainImport extends ImportBase {
	readonly kind: "plain";
	readonly call: CoreCall;
}

/** Functions that share an import. */
export interface CommandImport extends ImportBase {
	readonly kind: "commands";
	/** True if the argument's place is checked for each command. */
	readonly argumentFirst: boolean;
	/** In order of declaration. */
	readonly commands: readonly CoreCommand[];
}

export interface CoreCall {
	readonly func: Func;
	readonly params: readonly CoreParam[];
	readonly answer: CoreAnswer;
	/** True if the answer is taken off a queue after it was written. */
	readonly takes: boolean;
}

export type CoreParam =
	| { readonly kind: "number"; readonly name: string; readonly type: NumberType }
	| { readonly kind: "text" | "bytes"; readonly name: string; readonly maxBytes?: number }
	/** The place of the answer. */
	| { readonly kind: "out"; readonly name: string };

/** A core function returns no value, the answer itself, or an errno in place of the answer. */
export type CoreAnswer =
	| { readonly kind: "nothing" }
	| { readonly kind: "value"; readonly type: NumberType }
	/** 0, or an errno. */
	| { readonly kind: "status" }
	/** A number that is not negative, or an errno. */
	| { readonly kind: "number" }
	/** These are written to the place of the answer. */
	| { readonly kind: "bytes" }
	| { readonly kind: "packed" | "packed-list"; readonly record: PackedRecord }
	| { readonly kind: "json"; readonly type: JsonType };

export interface CoreCommand {
	readonly func: Func;
	readonly number: number;
	/** Parameter of the function that takes the argument. */
	readonly argument?: { readonly name: string; readonly type: JsonType };
	/** Errno for an argument that is not valid, e.g. `einval`. */
	readonly invalid: string;
	readonly answer: Extract<CoreAnswer, { kind: "status" | "number" | "json" }>;
}

export type NumberName = "u8" | "u16" | "u32" | "u64" | "s8" | "s16" | "s32" | "s64" | "f32" | "f64";

/** A number, or an enum or flags that pass as one. */
export interface NumberType {
	readonly name: NumberName;
	/** The enum or flags. */
	readonly names?: readonly Member[];
}

export interface PackedRecord {
	readonly def: RecordDef;
	readonly size: number;
	readonly members: readonly { readonly name: string; readonly type: NumberName; readonly offset: number }[];
}

export type JsonType =
	| { readonly kind: "any" | "object" | "text" | "bool" }
	/** Whole numbers between the bounds, or any number without bounds. */
	| { readonly kind: "number"; readonly name: NumberName }
	| { readonly kind: "list"; readonly element: JsonType }
	| { readonly kind: "record"; readonly record: JsonRecord };

/** A record whose values cross as JSON objects. Members have the names of the JSON. */
export interface JsonRecord {
	readonly def: RecordDef;
	readonly members: readonly JsonMember[];
}

export interface JsonMember {
	/** Spelling in JSON, e.g. `sample_rate_hz`. */
	readonly name: string;
	readonly type: JsonType;
	readonly isOptional: boolean;
	/** True if an absent value is written as `null`. */
	readonly isNullable: boolean;
}
