/** Edits of functions, resources and `use`. */
import type { RuleCode } from "../../../../codegen/breaking/rules.ts";
import { type Row, row } from "./row.ts";

type Edit = readonly [edit: string, from: string, to: string, ...rules: RuleCode[]];

function rows(item: string, ...edits: readonly Edit[]): Row[] {
	return edits.map(([edit, from, to, ...rules]) => row("shop", item, edit, from, to, ...rules));
}

const LIST = "list-items: func(filter: filter, color: color) -> list<item>;";
const FIND = "find: func(query: query, limit: u32) -> answer;";
const SAVE = "save: func(bytes: list<u8>) -> result<u32, string>;";
const ORDER = "on-order: func(item: item, count: u32) -> bool;";
const USES = "use types.{answer, choice, color, filter, id, item, label, marks, opts, order, query, range, rights, size, state};";

export const FUNCTION_ROWS: readonly Row[] = [
	...rows(
		"function of an import",
		["added", "ping: func();", "ping: func();\npong: func() -> u32;", "function-added"],
		["removed", "ping: func();", "", "function-removed"],
		["renamed", "count: func() -> u32;", "count-all: func() -> u32;", "function-renamed"],
		["documented", "ping: func();", "/// Answers.\nping: func();"],
		["deprecated", "ping: func();", "@since(version = 1.0.0)\n@deprecated(version = 1.2.0)\nping: func();"],
		["made unstable", "ping: func();", "@unstable(feature = noise)\nping: func();", "function-removed"],
		["became async", "ping: func();", "ping: async func();", "async-changed"],
		["result added", "ping: func();", "ping: func() -> u32;", "result-changed"],
		["result removed", "count: func() -> u32;", "count: func();", "result-changed"],
		["result widened", "count: func() -> u32;", "count: func() -> u64;", "result-changed"],
		["result made fallible", "count: func() -> u32;", "count: func() -> result<u32>;", "result-changed"],
		["error type changed", SAVE, "save: func(bytes: list<u8>) -> result<u32, u32>;", "result-changed"],
		["result replaced by an alias of its type", "count: func() -> u32;", "count: func() -> id;"],
		[
			"alias inlined in the result",
			"get-state: func(id: id, rights: rights) -> state;",
			"get-state: func(id: u32, rights: rights) -> state;",
		],
		["parameter added at the end", FIND, "find: func(query: query, limit: u32, skip: u32) -> answer;", "parameter-added"],
		["optional parameter added", FIND, "find: func(query: query, limit: u32, skip: option<u32>) -> answer;", "parameter-added"],
		["parameter added at the start", FIND, "find: func(skip: u32, query: query, limit: u32) -> answer;", "parameter-added"],
		["parameter removed", FIND, "find: func(query: query) -> answer;", "parameter-removed"],
		["parameter renamed", FIND, "find: func(query: query, most: u32) -> answer;", "parameter-renamed"],
		["parameters swapped", FIND, "find: func(limit: u32, query: query) -> answer;", "parameter-moved"],
		["parameter narrowed", FIND, "find: func(query: query, limit: u16) -> answer;", "parameter-type-changed"],
		["parameter became signed", FIND, "find: func(query: query, limit: s32) -> answer;", "parameter-type-changed"],
		["parameter made optional", FIND, "find: func(query: option<query>, limit: u32) -> answer;", "parameter-type-changed"],
		["list of fixed length", SAVE, "save: func(bytes: list<u8, 16>) -> result<u32, string>;", "parameter-type-changed"],
		["parameter of another record", LIST, "list-items: func(filter: size, color: color) -> list<item>;", "parameter-type-changed"],
		["alias of another name, same type", "rename: func(id: id, label: label);", "rename: func(id: id, label: string);"],
		["list became a stream", LIST, "list-items: func(filter: filter, color: color) -> stream<item>;", "result-changed"],
	),
	...rows(
		"function of an export",
		["added", "on-close: func();", "on-close: func();\non-open: func();", "exported-function-added"],
		["removed", "on-close: func();", "", "function-removed"],
		["renamed", "on-close: func();", "on-shut: func();", "function-renamed"],
		["parameter added", ORDER, "on-order: func(item: item, count: u32, id: u32) -> bool;", "parameter-added"],
		["parameter removed", ORDER, "on-order: func(item: item) -> bool;", "parameter-removed"],
		["parameter renamed", ORDER, "on-order: func(item: item, amount: u32) -> bool;", "parameter-renamed"],
		["parameter type changed", ORDER, "on-order: func(item: item, count: u64) -> bool;", "parameter-type-changed"],
		["result changed", ORDER, "on-order: func(item: item, count: u32) -> option<bool>;", "result-changed"],
		["became async", "on-close: func();", "on-close: async func();", "async-changed"],
	),
	...rows(
		"function of no world",
		["added", "check: func(code: u32) -> bool;", "check: func(code: u32) -> bool;\nrecheck: func();", "function-added"],
		["removed", "check: func(code: u32) -> bool;", "", "function-removed"],
		["parameter type changed", "check: func(code: u32) -> bool;", "check: func(code: u8) -> bool;", "parameter-type-changed"],
	),
	...rows(
		"method",
		["added", "items: func() -> list<item>;", "items: func() -> list<item>;\nclear: func();", "function-added"],
		["removed", "items: func() -> list<item>;", "", "function-removed"],
		["renamed", "items: func() -> list<item>;", "contents: func() -> list<item>;", "function-renamed"],
		["became static", "add: func(id: id, count: u32);", "add: static func(id: id, count: u32);", "function-kind-changed"],
		["parameter removed", "add: func(id: id, count: u32);", "add: func(id: id);", "parameter-removed"],
		["result changed", "items: func() -> list<item>;", "items: func() -> option<item>;", "result-changed"],
	),
	...rows(
		"static function",
		["removed", "merge: static func(carts: list<borrow<cart>>) -> cart;", "", "function-removed"],
		[
			"borrow became own",
			"merge: static func(carts: list<borrow<cart>>) -> cart;",
			"merge: static func(carts: list<cart>) -> cart;",
			"parameter-type-changed",
		],
	),
	...rows(
		"constructor",
		["added", "size: func() -> u32;", "size: func() -> u32;\nconstructor();", "function-added"],
		["removed", "constructor(owner: string);", "", "function-removed"],
		["parameter type changed", "constructor(owner: string);", "constructor(owner: u32);", "parameter-type-changed"],
		["parameter added", "constructor(owner: string);", "constructor(owner: string, limit: u32);", "parameter-added"],
	),
	...rows(
		"resource",
		["added", "resource token;", "resource token;\nresource coupon;", "type-added"],
		["renamed", "resource basket {", "resource bag {", "resource-renamed"],
		["removed", "resource voucher { spend: func(); }", "", "resource-removed"],
		["moved behind `use`", "resource voucher { spend: func(); }", "use vault.{voucher};", "resource-moved"],
		["became an alias", "resource coupon {}", "type coupon = u32;", "resource-removed"],
		["handle became another one", "open: func(owner: string) -> cart;", "open: func(owner: string) -> basket;", "result-changed"],
		["borrow became own", "check: func(token: borrow<token>) -> bool;", "check: func(token: token) -> bool;", "parameter-type-changed"],
	),
	...rows(
		"use",
		["added", "use types.{draft as sketch};", "use types.{draft as sketch, mood};", "use-added"],
		["dropped", "use types.{draft as sketch};", "", "use-removed"],
		["renamed", "use types.{draft as sketch};", "use types.{draft as plan};", "use-renamed"],
		["another type under the name", "use types.{draft as sketch};", "use types.{filter as sketch};", "use-target-changed"],
		[
			"replaced by a type of its own",
			"use types.{draft as sketch};",
			"record sketch { lines: string, pages: u32, done: bool }",
			"named-type-changed",
		],
		["order changed", USES, USES.replace("answer, choice,", "choice, answer,")],
		[
			"split in two",
			USES,
			"use types.{answer, choice, color, filter, id, item};\nuse types.{label, marks, opts, order, query, range, rights, size, state};",
		],
	),
];
