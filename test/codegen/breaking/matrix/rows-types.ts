/** Edits of records, variants, enums, flags and aliases: of a type that guests pass, one that they receive, one that no function carries. */
import type { RuleCode } from "../../../../codegen/breaking/rules.ts";
import { type Row, row } from "./row.ts";

type Edit = readonly [edit: string, from: string, to: string, ...rules: RuleCode[]];

function rows(item: string, ...edits: readonly Edit[]): Row[] {
	return edits.map(([edit, from, to, ...rules]) => row("shop", item, edit, from, to, ...rules));
}

/** Edits of a record with the fields `first: string`, `second: u32` and `third: bool`. */
function recordRows(where: string, name: string, [first, second, third]: readonly [string, string, string]): Row[] {
	return rows(
		`record ${where}`,
		["field added at the end", `${third}: bool,`, `${third}: bool,\nextra: u32,`, "record-field-added"],
		["field added at the start", `${first}: string,`, `extra: u32,\n${first}: string,`, "record-field-added"],
		["optional field added", `${third}: bool,`, `${third}: bool,\nextra: option<u32>,`, "optional-record-field-added"],
		["field removed", `${third}: bool,`, "", "record-field-removed"],
		["field renamed", `${second}: u32,`, `${second}-of-it: u32,`, "record-field-renamed"],
		["field narrowed", `${second}: u32,`, `${second}: u16,`, "record-field-type-changed"],
		["field made optional", `${second}: u32,`, `${second}: option<u32>,`, "record-field-type-changed"],
		["field replaced by an alias of its type", `${second}: u32,`, `${second}: id,`],
		["doc comment added", `record ${name} {`, `/// Explained.\nrecord ${name} {`],
	);
}

/** Edits of a variant with the cases `first`, `second(…)`. */
function variantRows(where: string, name: string, [first, second, payload]: readonly [string, string, string]): Row[] {
	return rows(
		`variant ${where}`,
		["case added", `${first},`, `${first},\nextra(u32),`, "variant-case-added"],
		["case removed", `${first},`, "", "variant-case-removed"],
		["case renamed", `${second}(${payload}),`, `${second}-one(${payload}),`, "variant-case-renamed"],
		["payload changed", `${second}(${payload}),`, `${second}(list<${payload}>),`, "variant-case-type-changed"],
		["payload removed", `${second}(${payload}),`, `${second},`, "variant-case-type-changed"],
		["payload added", `${first},`, `${first}(bool),`, "variant-case-type-changed"],
		["became a record", `variant ${name} {`, `record ${name} { all: bool }\nvariant former-${name} {`, "type-added", "type-kind-changed"],
	);
}

function enumRows(where: string, [first, second, third]: readonly [string, string, string]): Row[] {
	return rows(
		`enum ${where}`,
		["case added at the end", `${third},`, `${third},\nextra,`, "enum-case-added"],
		["case added at the start", `${first},`, `extra,\n${first},`, "enum-case-added"],
		["case removed", `${third},`, "", "enum-case-removed"],
		["case renamed", `${second},`, `${second}-one,`, "enum-case-renamed"],
	);
}

function flagsRows(where: string, [first, second, third]: readonly [string, string, string]): Row[] {
	return rows(
		`flags ${where}`,
		["flag added", `${third},`, `${third},\nextra,`, "flag-added"],
		["flag removed", `${third},`, "", "flag-removed"],
		["flag renamed", `${second},`, `${second}-one,`, "flag-renamed"],
		["flag added at the start", `${first},`, `extra,\n${first},`, "flag-added"],
	);
}

export const TYPE_ROWS: readonly Row[] = [
	...recordRows("as argument", "filter", ["name", "limit", "strict"]),
	...recordRows("as result", "item", ["title", "price", "sold"]),
	...recordRows("not carried", "draft", ["lines", "pages", "done"]),
	...variantRows("as argument", "query", ["everything", "by-name", "string"]),
	...variantRows("as result", "answer", ["nothing", "found", "item"]),
	...variantRows("not carried", "remark", ["silent", "spoken", "string"]),
	...enumRows("as argument", ["red", "green", "blue"]),
	...enumRows("as result", ["open", "closed", "lost"]),
	...enumRows("not carried", ["calm", "wild", "sad"]),
	...flagsRows("as argument", ["read", "write", "grant"]),
	...flagsRows("as result", ["seen", "liked", "kept"]),
	...flagsRows("not carried", ["quick", "loud", "tall"]),
	...rows(
		"record as argument",
		["fields in another order", "record range { low: u32, high: u32 }", "record range { high: u32, low: u32 }", "record-field-moved"],
		["field widened", "record range { low: u32, high: u32 }", "record range { low: u32, high: u64 }", "record-field-type-changed"],
		[
			"renamed, with the old name as an alias",
			"record range { low: u32, high: u32 }",
			"type range = bounds;\nrecord bounds { low: u32, high: u32 }",
			"type-added",
		],
		["became a tuple", "record range { low: u32, high: u32 }", "type range = tuple<u32, u32>;", "type-kind-changed"],
	),
	...rows("record as result", [
		"fields in another order",
		"record size { width: u32, height: u32 }",
		"record size { height: u32, width: u32 }",
		"record-field-moved",
	]),
	...rows(
		"record not carried",
		["fields in another order", "record corner { x: u32, y: u32 }", "record corner { y: u32, x: u32 }", "record-field-moved"],
		["removed", "record corner { x: u32, y: u32 }", "", "type-removed"],
		["renamed", "record corner { x: u32, y: u32 }", "record edge { x: u32, y: u32 }", "type-renamed"],
		["became an alias", "record corner { x: u32, y: u32 }", "type corner = string;", "type-kind-changed"],
	),
	...rows("variant as argument", [
		"cases in another order",
		"variant choice { one(u32), many(u32) }",
		"variant choice { many(u32), one(u32) }",
		"variant-case-moved",
	]),
	...rows("enum as argument", ["cases in another order", "enum order { up, down }", "enum order { down, up }", "enum-case-moved"]),
	...rows(
		"flags as argument",
		["flags in another order", "flags opts { fast, deep }", "flags opts { deep, fast }", "flag-moved"],
		["became an enum", "flags opts { fast, deep }", "enum opts { fast, deep }", "type-kind-changed"],
	),
	...rows(
		"alias",
		["target changed", "type id = u32;", "type id = u64;", "alias-target-changed"],
		["target became an alias of the same type", "type id = u32;", "type number = u32;\ntype id = number;", "type-added"],
		["became a record", "type id = u32;", "record id { value: u32 }", "type-kind-changed"],
		["inlined, and gone", "type code = u32; take: func(code: code) -> slip;", "take: func(code: u32) -> slip;", "alias-inlined"],
		["renamed, with its use", "type pin = u32; lock: func(pin: pin);", "type key = u32; lock: func(pin: key);", "type-renamed"],
		["not carried, target changed", "type weight = f64;", "type weight = f32;", "alias-target-changed"],
		["not carried, removed", "type weight = f64;", "", "type-removed"],
		["not carried, renamed", "type weight = f64;", "type mass = f64;", "type-renamed"],
	),
	...rows(
		"record, with its function",
		["moved behind `use`", "record slip { number: u32, }", "use vault.{slip};", "type-moved"],
		["moved behind `use ... as`", "record slip { number: u32, }", "use vault.{stub as slip};", "type-moved"],
		["renamed", "record lamp { on: bool } shine: func(lamp: lamp);", "record light { on: bool } shine: func(lamp: light);", "type-renamed"],
		[
			"replaced by a tuple",
			"record lamp { on: bool } shine: func(lamp: lamp);",
			"type lamp = tuple<bool>; shine: func(lamp: lamp);",
			"type-kind-changed",
		],
		[
			"replaced by another of equal structure",
			"type code = u32; take: func(code: code) -> slip;",
			"type code = u32; use vault.{stub}; take: func(code: code) -> stub;",
			"named-type-changed",
			"use-added",
		],
	),
	...rows("type", ["added", "type weight = f64;", "type weight = f64;\nrecord box { side: f64 }", "type-added"]),
];
