/** Edits of interfaces, worlds, inline interfaces, dependencies and packages. */
import type { RuleCode } from "../../../../codegen/breaking/rules.ts";
import { type Row, row } from "./row.ts";

type Edit = readonly [edit: string, from: string, to: string, ...rules: RuleCode[]];

function rows(item: string, ...edits: readonly Edit[]): Row[] {
	return edits.map(([edit, from, to, ...rules]) => row("shop", item, edit, from, to, ...rules));
}

const PACKAGE = "package t:shop@1.2.0;";

export const WORLD_ROWS: readonly Row[] = [
	...rows(
		"interface",
		["added", "interface spare {", "interface more { f: func(); }\ninterface spare {", "interface-added"],
		["removed", "interface lone { sing: func(); }", "", "interface-removed"],
		["renamed", "interface loose {", "interface slack {", "interface-renamed"],
	),
	...rows(
		"world",
		["added", "world tool {", "world kit { import loose; }\nworld tool {", "world-added"],
		["renamed", "world tool {", "world kit {", "world-renamed"],
		["made unstable", "world tool {", "@unstable(feature = tools)\nworld tool {", "world-removed"],
		["removed", "world small { import spare; }", "", "world-removed"],
		["last import removed", "import spare;", "", "world-import-removed"],
		["import added", "import spare;", "import spare;\nimport loose;", "world-import-added"],
		["import removed", "import carts;", "", "world-import-removed"],
		["import of a dependency removed", "import dep:log/sink@0.2.1;", "", "world-import-removed"],
		["export added", "export handler;", "export handler;\nexport spare;", "world-export-added"],
		["export removed", "export handler;", "", "world-export-removed"],
		["import became an export", "import spare;", "export spare;", "world-export-added", "world-import-removed"],
		["include instead of an import", "import spare;", "include extra;\n}\nworld extra {\nimport spare;", "world-added"],
		["order changed", "import store;", "import store;\n// the same"],
	),
	...rows(
		"function of a world, imported",
		["added", "import now: func() -> u64;", "import now: func() -> u64;\nimport later: func();", "world-import-added"],
		["removed", "import now: func() -> u64;", "", "world-import-removed"],
		["renamed", "import now: func() -> u64;", "import time: func() -> u64;", "world-item-renamed"],
		["result changed", "import now: func() -> u64;", "import now: func() -> u32;", "result-changed"],
		["parameter renamed", "import sleep: func(ms: u32);", "import sleep: func(millis: u32);", "parameter-renamed"],
		["parameter type changed", "import sleep: func(ms: u32);", "import sleep: func(ms: u64);", "parameter-type-changed"],
		["became an interface", "import sleep: func(ms: u32);", "import sleep: interface { ms: func(); }", "world-item-changed"],
	),
	...rows(
		"function of a world, exported",
		["added", "export stop: func(code: u32);", "export stop: func(code: u32);\nexport start: func();", "world-export-added"],
		["removed", "export stop: func(code: u32);", "", "world-export-removed"],
		["renamed", "export stop: func(code: u32);", "export halt: func(code: u32);", "world-item-renamed"],
		[
			"result changed",
			"export run: func(input: string) -> string;",
			"export run: func(input: string) -> result<string>;",
			"result-changed",
		],
		["parameter added", "export stop: func(code: u32);", "export stop: func(code: u32, why: string);", "parameter-added"],
		["parameter type changed", "export stop: func(code: u32);", "export stop: func(code: u8);", "parameter-type-changed"],
		["became async", "export stop: func(code: u32);", "export stop: async func(code: u32);", "async-changed"],
	),
	...rows(
		"inline interface, imported",
		["function added", "read: func(zone: zone) -> u64;", "read: func(zone: zone) -> u64;\nset: func(at: u64);", "function-added"],
		["function removed", "read: func(zone: zone) -> u64;", "", "function-removed"],
		["function renamed", "read: func(zone: zone) -> u64;", "get: func(zone: zone) -> u64;", "function-renamed"],
		["result changed", "read: func(zone: zone) -> u64;", "read: func(zone: zone) -> u32;", "result-changed"],
		["enum case added", "enum zone { utc, local }", "enum zone { utc, local, tai }", "enum-case-added"],
		["enum moved", "enum zone { utc, local }", "enum zone { local, utc }", "enum-case-moved"],
		["renamed", "import clock: interface {", "import watch: interface {", "world-item-renamed"],
	),
	...rows(
		"inline interface, exported",
		["function added", "fire: func(event: event) -> bool;", "fire: func(event: event) -> bool;\nreset: func();", "exported-function-added"],
		["function removed", "fire: func(event: event) -> bool;", "", "function-removed"],
		["parameter renamed", "fire: func(event: event) -> bool;", "fire: func(it: event) -> bool;", "parameter-renamed"],
		[
			"record field added",
			"record event { name: string, at: u64 }",
			"record event { name: string, at: u64, by: string }",
			"record-field-added",
		],
		["record field removed", "record event { name: string, at: u64 }", "record event { name: string }", "record-field-removed"],
		["renamed", "export hooks: interface {", "export triggers: interface {", "world-item-renamed"],
	),
	...rows(
		"dependency",
		["record field added", "level: u32,", "level: u32,\nat: u64,", "record-field-added"],
		["record field removed", "level: u32,", "", "record-field-removed"],
		["record field narrowed", "level: u32,", "level: u8,", "record-field-type-changed"],
		["enum case added, not carried", "high,", "high,\ntop,", "enum-case-added"],
		["function added", "flush: func();", "flush: func();\nsync: func();", "function-added"],
		["function removed", "flush: func();", "", "function-removed"],
		["method changed", "size: func() -> u64;", "size: func() -> u32;", "result-changed"],
	),
	...rows(
		"package",
		["compatible version", PACKAGE, "package t:shop@1.3.0;"],
		["incompatible version", PACKAGE, "package t:shop@2.0.0;", "package-version-incompatible"],
		["lower version", PACKAGE, "package t:shop@1.1.0;", "package-version-lowered"],
		["version dropped", PACKAGE, "package t:shop;", "package-version-incompatible"],
		["renamed", PACKAGE, "package t:store@1.2.0;", "package-renamed"],
	),
];
