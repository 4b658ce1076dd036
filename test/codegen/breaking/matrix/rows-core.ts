/** Edits of the hostcalls of core modules. */
import type { RuleCode } from "../../../../codegen/breaking/rules.ts";
import { type Row, row } from "./row.ts";

const edit = (item: string, what: string, from: string, to: string, ...rules: RuleCode[]): Row =>
	row("lamps", item, what, from, to, ...rules);

const IMPORT = "import of core modules";
const COMMAND = "command of core modules";
const NUMBER = "number of core modules";
const PACKED = "packed record";
const MEMBER = "member of JSON";
const COUNT = "count: func() -> s64;";
const EVENT = "next-event: func(lamp: s32, event: place) -> result<event, errno>;";

export const CORE_ROWS: readonly Row[] = [
	edit(IMPORT, "renamed", "/// @core-import lamp_count", "/// @core-import lamp_number", "core-import-renamed"),
	edit(IMPORT, "added", COUNT, `${COUNT}\n/// @core-import lamp_more\nmore: func();`, "core-import-added"),
	edit(IMPORT, "removed", "count: func() -> s64;", "@unstable(feature = counting)\ncount: func() -> s64;", "core-import-removed"),
	edit(IMPORT, "function renamed", COUNT, "tally: func() -> s64;", "core-function-renamed"),
	edit(
		IMPORT,
		"module renamed",
		"/// @core-module house",
		"/// @core-module home",
		...many("core-import-renamed", 6),
		"core-import-removed",
		"core-import-added",
	),
	edit(IMPORT, "parameter added", "dim: func(ms: s32);", "dim: func(ms: s32, level: s32);", "core-signature-changed"),
	edit(IMPORT, "parameter renamed", "dim: func(ms: s32);", "dim: func(duration: s32);"),
	edit(IMPORT, "parameter of 64 bits", "dim: func(ms: s32);", "dim: func(ms: s64);", "core-signature-changed"),
	edit(IMPORT, "parameter without a sign", "dim: func(ms: s32);", "dim: func(ms: u32);", "core-parameters-changed"),
	edit(
		IMPORT,
		"text becomes bytes",
		"name: func(lamp: s32, name: string) -> result<_, errno>;",
		"name: func(lamp: s32, name: list<u8>) -> result<_, errno>;",
		"core-parameters-changed",
	),
	edit(IMPORT, "result of another size", COUNT, "count: func() -> s32;", "core-signature-changed"),
	edit(IMPORT, "result without a sign", COUNT, "count: func() -> u64;", "core-answer-changed"),
	edit(
		IMPORT,
		"answer becomes a list",
		EVENT,
		"next-event: func(lamp: s32, event: place) -> result<list<event>, errno>;",
		"core-answer-changed",
	),
	edit(IMPORT, "waits no longer", "/// @blocking", "", "blocking-removed"),
	edit(IMPORT, "waits", "/// @core-import lamp_count", "/// @core-import lamp_count\n/// @blocking", "blocking-added"),
	edit(IMPORT, "answer stays in its queue", "/// @takes", "", "core-queue-changed"),
	edit(IMPORT, "answer comes off a queue", "/// @core-import lamp_text", "/// @core-import lamp_text\n/// @takes", "core-queue-changed"),
	edit(IMPORT, "limit lowered", "/// @max-bytes 100", "/// @max-bytes 99", "core-limit-lowered"),
	edit(IMPORT, "limit raised", "/// @max-bytes 100", "/// @max-bytes 101", "core-limit-raised"),
	edit(IMPORT, "limit dropped", "/// @max-bytes 100", "", "core-limit-raised"),
	edit(IMPORT, "argument's place checked if needed", "/// @argument-first", "", "core-argument-check-changed"),
	edit(IMPORT, "documented", COUNT, `/// Counts.\n${COUNT}`),

	edit(COMMAND, "renumbered", "/// @command 2", "/// @command 9", "core-command-renumbered"),
	edit(
		COMMAND,
		"renamed",
		"get-status: func(lamp: s32) -> result<status, errno>;",
		"get-state: func(lamp: s32) -> result<status, errno>;",
		"core-command-renamed",
	),
	edit(
		COMMAND,
		"removed",
		"get-status: func(lamp: s32) -> result<status, errno>;",
		"@unstable(feature = status)\nget-status: func(lamp: s32) -> result<status, errno>;",
		"core-command-removed",
	),
	edit(
		COMMAND,
		"added",
		"get-status: func(lamp: s32) -> result<status, errno>;",
		"get-status: func(lamp: s32) -> result<status, errno>;\n/// @core-import lamp_ctl\n/// @command 5\nblink: func(lamp: s32) -> result<_, errno>;",
		"core-command-added",
	),
	edit(
		COMMAND,
		"argument becomes any JSON",
		"set-plan: func(lamp: s32, plan: plan) -> result<_, errno>;",
		"set-plan: func(lamp: s32, plan: anything) -> result<_, errno>;",
		"core-argument-changed",
	),
	edit(COMMAND, "another error for a bad argument", "/// @invalid eio", "/// @invalid enomem", "core-invalid-changed"),
	edit(
		COMMAND,
		"answer becomes a number",
		"get-status: func(lamp: s32) -> result<status, errno>;",
		"get-status: func(lamp: s32) -> result<u32, errno>;",
		"core-answer-changed",
	),

	edit(NUMBER, "error changed", "/// @number 28", "/// @number 51", "core-number-changed"),
	edit(NUMBER, "enum case changed", "/// @number 102", "/// @number 103", "core-number-changed"),
	edit(NUMBER, "flag changed", "/// @number 512", "/// @number 1024", "core-number-changed"),
	edit(NUMBER, "case renamed", "blue,", "navy,", "core-number-renamed"),
	edit(NUMBER, "case added", "blue,", "blue,\n/// @number 103\ngreen,", "core-number-added"),
	edit(NUMBER, "flag removed", "bulb,", "", "core-number-removed"),

	edit(PACKED, "member of another type", "happened: u32,", "happened: s32,", "core-layout-changed"),
	edit(PACKED, "member added", "happened: u32,", "happened: u32,\nlevel: u32,", "core-layout-changed"),
	edit(PACKED, "member removed", "happened: u32,", "", "core-layout-changed"),
	edit(PACKED, "member renamed", "happened: u32,", "kind: u32,", "core-layout-renamed"),
	edit(PACKED, "member before another", "lamp: s32,", "bits: s32,\nlamp: s32,", "core-layout-changed"),

	edit(MEMBER, "optional one added to an argument", "title: string,", "title: string,\nsize: option<u32>,", "core-member-added"),
	edit(MEMBER, "required one added to an argument", "title: string,", "title: string,\nsize: u32,", "core-member-required"),
	edit(MEMBER, "required one added to an answer", "state: string,", "state: string,\nsize: u32,", "core-member-added"),
	edit(MEMBER, "removed from an argument", "level: option<f64>,", "", "core-member-removed"),
	edit(MEMBER, "renamed", "age: u16,", "years: u16,", "core-member-added", "core-member-removed"),
	edit(MEMBER, "of another type", "age: u16,", "age: u32,", "core-member-type-changed"),
	edit(MEMBER, "of an argument becomes optional", "title: string,", "title: option<string>,", "core-member-optional"),
	edit(MEMBER, "of an argument becomes required", "level: option<f64>,", "level: f64,", "core-member-required"),
	edit(MEMBER, "of an answer becomes optional", "age: u16,", "age: option<u16>,", "core-member-optional"),
	edit(MEMBER, "of an answer becomes required", "reason: option<anything>,", "reason: anything,", "core-member-required"),
	edit(MEMBER, "in both directions becomes optional", "first: bool,", "first: option<bool>,", "core-member-optional"),
	edit(MEMBER, "in both directions becomes required", "second: option<bool>,", "second: bool,", "core-member-required"),
	edit(MEMBER, "left out instead of null", "/// @nullable", "", "core-null-changed"),
];

function many(rule: RuleCode, count: number): RuleCode[] {
	return Array.from({ length: count }, () => rule);
}
