/** Codes of faults that make a text no valid WIT, and of oddities in valid WIT. */
import type { CodeEntry } from "./code-entry.ts";

export const WIT_CODES = {
	// Files
	"no-wit-files": {
		title: "No WIT files",
		cause: "The directory does not exist or has no file whose name ends in `.wit`.",
		help: "Name the directory that holds the `.wit` files of one package; its dependencies stand in `deps/` inside it.",
	},
	"binary-package": {
		title: "Binary package in `deps/`",
		cause: "A `.wasm` file can hold a WIT package in binary form. Such packages are not read.",
		help: "Put the WIT text in its place: `wasm-tools component wit deps/x.wasm > deps/x.wit`.",
	},
	"invalid-utf8": {
		title: "File is not UTF-8",
		cause: "WIT is UTF-8 text, and the file holds bytes that are not.",
		help: "Save the file as UTF-8.",
	},
	"file-too-large": {
		title: "File too large",
		cause: "A file has more than 16 MiB, which no WIT has.",
		help: "Divide it into several files of the package, or remove it if it is no WIT.",
	},
	"forbidden-character": {
		title: "Forbidden character",
		cause: "Control characters, overrides of the writing direction and deprecated characters make a text look other than it is.",
		help: "Remove the character.",
		example: "package a:b;\n// \u202e\n",
	},
	"too-deep": {
		title: "Nested too deeply",
		cause: "Brackets, block comments or types are nested more than 100 deep. Components hold no deeper values.",
		help: "Refer to the inner value by an index or a resource handle.",
	},
	"unclosed-comment": {
		title: "Unclosed comment",
		cause: "A block comment runs to the end of the file. Block comments nest.",
		help: "Add `*/` for each `/*`.",
		example: "package a:b;\n/* open /* closed */\n",
	},

	// Syntax
	syntax: {
		title: "Syntax error",
		cause: "The text does not follow the grammar of WIT at this place.",
		help: "Compare with the grammar; the message names what is expected.",
		example: "package a:b;\ninterface i { f: func(a u8); }\n",
	},
	"keyword-as-name": {
		title: "Keyword as a name",
		cause: "Keywords of WIT are not names by themselves.",
		help: "Write `%` before it. The `%` is no part of the name.",
		example: "package a:b;\ninterface i { record r { type: u8 } }\n",
	},
	"nested-package": {
		title: "Package inside a package",
		cause: "A `package … { }` block stands at the top level of a file only.",
		help: "Write the packages one after the other.",
		example: "package a:b;\npackage c:d { package e:f {} }\n",
	},
	"dangling-docs": {
		title: "Doc comment that documents nothing",
		cause: "A `///` comment is followed by nothing that can be documented, so its text would be lost.",
		help: "Move it before an item, field, case or flag, or make it a plain `//` comment.",
		example: "package a:b;\ninterface i { f: func(/// lost\na: u8); }\n",
	},

	// Names and versions
	"invalid-name": {
		title: "Name that is not kebab-case",
		cause: "Names are words of letters and digits joined by single hyphens. Each word is all lower or all upper case.",
		help: "Write `foo-bar` for `fooBar` or `foo_bar`.",
		example: "package a:b;\ninterface i { fooBar: func(); }\n",
	},
	"invalid-version": {
		title: "Invalid version",
		cause: "Versions are full semantic versions.",
		help: "Write all three numbers, for example `1.0.0`.",
		example: "package a:b@1.0;\n",
	},
	"duplicate-name": {
		title: "Name declared twice",
		cause: "Names of one scope are unique without regard to case.",
		help: "Rename or remove one of the two.",
		example: "package a:b;\ninterface i { enum e { red, RED } }\n",
	},
	"unknown-name": {
		title: "Unknown interface, world or item",
		cause: "Nothing of that name exists where it is looked for.",
		help: "Correct the name, or declare it.",
		example: "package a:b;\nworld w { import j; }\n",
	},

	// Packages
	"missing-package": {
		title: "No package declaration",
		cause: "No file of the directory says which package it belongs to.",
		help: "Begin one of its files with `package namespace:name@0.1.0;`.",
		example: "interface i {}\n",
	},
	"package-mismatch": {
		title: "Files of different packages in one directory",
		cause: "All files of one directory form one package.",
		help: "Give the other package a directory of its own, for example in `deps/`.",
	},
	"duplicate-package": {
		title: "Package declared twice",
		cause: "The same package, with the same version, stands in two places.",
		help: "Keep one of them.",
		example: "package a:b;\npackage c:d {}\npackage c:d {}\n",
	},
	"duplicate-docs": {
		title: "Package documented twice",
		cause: "Only one file of a package may document it.",
		help: "Keep the documentation in one of them.",
	},
	"nested-package-name": {
		title: "Nested namespace or package name",
		cause: "The grammar reserves names such as `a:b:c` and `a:b/c`, and no tool supports them yet.",
		help: "Use one namespace and one name.",
		example: "package a:b:c;\n",
	},
	"unknown-package": {
		title: "Unknown package",
		cause: "No package of that name and version is in the directory or its `deps/`.",
		help: "Put its WIT files under `deps/`. The version must be written, and match.",
		example: "package a:b;\nworld w { import wasi:io/poll@0.2.0; }\n",
	},
	"package-cycle": {
		title: "Packages depend on each other",
		cause: "Each package must be complete before those that use it.",
		help: "Move what both need to a package of its own.",
		example:
			"package a:b;\npackage c:d { interface i { use e:f/i.{t}; type u = u8; } }\npackage e:f { interface i { type t = u8; } interface j { use c:d/i.{u}; } }\n",
	},
	"own-package-path": {
		title: "Package names itself in full",
		cause: "Interfaces of the package itself are named without the package.",
		help: "Write `types` for `my:package/types`.",
		example: "package a:b;\ninterface i {}\nworld w { import a:b/i; }\n",
	},

	// Interfaces and worlds
	"not-an-interface": {
		title: "World where an interface is wanted",
		cause: "Only interfaces are imported, exported and used. Worlds are included.",
		help: "Name an interface, or use `include`.",
		example: "package a:b;\nworld v {}\nworld w { import v; }\n",
	},
	"not-a-world": {
		title: "Interface where a world is wanted",
		cause: "Only worlds are included.",
		help: "Import or export the interface.",
		example: "package a:b;\ninterface i {}\nworld w { include i; }\n",
	},
	"package-as-interface": {
		title: "Package where an interface is wanted",
		cause: "A package as a whole cannot be imported or exported.",
		help: "Name one of its interfaces: `ns:package/interface`.",
		example: "package a:b;\nworld w { import wasi:io; }\n",
	},
	"duplicate-interface": {
		title: "Interface imported or exported twice",
		cause: "A world names each interface once in each direction.",
		help: "Remove one of the two.",
		example: "package a:b;\ninterface i {}\nworld w { import i; import i; }\n",
	},
	"interface-cycle": {
		title: "Interfaces use each other",
		cause: "Each interface must be complete before those that use it.",
		help: "Move the shared types to an interface of their own.",
		example: "package a:b;\ninterface a { use b.{x}; type y = u8; }\ninterface b { use a.{y}; type x = u8; }\n",
	},
	"include-cycle": {
		title: "World includes itself",
		cause: "Each world must be complete before those that include it.",
		help: "Move what they share to a world of its own.",
		example: "package a:b;\nworld w { include w; }\n",
	},
	"too-many-items": {
		title: "Worlds take over too many items",
		cause: "Each `include` repeats all items of a world. All worlds together take over more than 100,000 items from others.",
		help: "Include only the worlds that are needed, or gather functions in interfaces.",
	},
	"ambiguous-dependency": {
		title: "Interface exported, and needed as an import",
		cause: "An exported interface reaches this one through an interface that is not exported. Its types would exist twice under one name.",
		help: "Export the interfaces in between as well, or do not export this one.",
		example:
			"package a:b;\ninterface c { type t = u8; }\ninterface b { use c.{t}; }\ninterface a { use b.{t}; }\nworld w { export a; export c; }\n",
	},
	"empty-use": {
		title: "`use` of nothing",
		cause: "A `use` without names has no effect.",
		help: "Remove it.",
		example: "package a:b;\ninterface t {}\ninterface i { use t.{}; }\n",
	},

	// Types
	"unknown-type": {
		title: "Unknown type",
		cause: "No type of that name is declared or used in the interface or world.",
		help: "Correct the name, declare it, or bring it in with `use`.",
		example: "package a:b;\ninterface i { f: func(a: nope); }\n",
	},
	"not-a-type": {
		title: "Name of something else than a type",
		cause: "Functions, interfaces and worlds are no types.",
		help: "Name a type.",
		example: "package a:b;\ninterface i { f: func(); g: func(a: f); }\n",
	},
	"not-a-resource": {
		title: "Handle of what is no resource",
		cause: "`own<…>` and `borrow<…>` take resources only.",
		help: "Name other types without `own` or `borrow`.",
		example: "package a:b;\ninterface i { type t = u8; f: func(a: borrow<t>); }\n",
	},
	"recursive-type": {
		title: "Type contains itself",
		cause: "WIT has no recursive types.",
		help: "Refer to the inner value by an index or a resource handle.",
		example: "package a:b;\ninterface i { record node { next: option<node> } }\n",
	},
	"empty-type": {
		title: "Type without parts",
		cause: "A record, variant, enum, flags or tuple needs at least one part.",
		help: "Add one, or remove the type.",
		example: "package a:b;\ninterface i { record r {} }\n",
	},
	"too-many-flags": {
		title: "More than 32 flags",
		cause: "The component model holds flags in 32 bits.",
		help: "Split the type in two.",
	},
	"invalid-list-length": {
		title: "Invalid length of a list",
		cause: "A fixed length is at least 1 and less than 2^32.",
		help: "Leave the length out, or use an `option`.",
		example: "package a:b;\ninterface i { f: func(a: list<u8, 0>); }\n",
	},
	"invalid-map-key": {
		title: "Type that cannot be the key of a map",
		cause: "Keys are `bool`, integers, `char` or `string`, written as such and not through another name.",
		help: "Use one of those, or a list of records.",
		example: "package a:b;\ninterface i { f: func(a: map<f32, u8>); }\n",
	},
	"invalid-stream-element": {
		title: "Stream of `char`",
		cause: "A stream has no encoding for characters.",
		help: "Use `stream<u8>` with an encoding agreed on.",
		example: "package a:b;\ninterface i { f: func(a: stream<char>); }\n",
	},
	"borrow-in-result": {
		title: "Borrowed handle in a result",
		cause: "A borrow lasts only for the call.",
		help: "Return an owned handle, or data instead.",
		example: "package a:b;\ninterface i { resource r; f: func() -> borrow<r>; }\n",
	},
	"constructor-result": {
		title: "Constructor with a result of another type",
		cause: "A constructor returns its resource, or a `result` of it.",
		help: "Leave the result out if construction cannot fail, or make it a static function.",
		example: "package a:b;\ninterface i { resource r { constructor() -> u8; } }\n",
	},

	// Feature gates
	"conflicting-gates": {
		title: "Gates that contradict each other",
		cause: "An item is either `@since` a version or `@unstable`. `@deprecated` stands beside one of them.",
		help: "Keep one of each kind.",
		example: "package a:b@1.0.0;\ninterface i { @deprecated(version = 1.0.0) f: func(); }\n",
	},
	"gate-in-future": {
		title: "Gate of a later version than the package",
		cause: "`@since` names a version that the package has not reached.",
		help: "Raise the version of the package, or lower that of the gate.",
		example: "package a:b@1.0.0;\ninterface i { @since(version = 2.0.0) f: func(); }\n",
	},
	"gate-without-package-version": {
		title: "Gate in a package without a version",
		cause: "`@since` and `@deprecated` name versions of the package.",
		help: "Declare a version: `package a:b@1.0.0;`.",
		example: "package a:b;\ninterface i { @since(version = 1.0.0) f: func(); }\n",
	},
	"inactive-feature": {
		title: "Reference to a hidden item",
		cause: "An item that is there refers to one that is `@unstable`, and whose feature is not active.",
		help: "Activate the feature, or gate this item with it too.",
		example: "package a:b;\ninterface i { @unstable(feature = x) type t = u8; f: func(a: t); }\n",
	},
	"missing-gate": {
		title: "Item outlives what it is part of",
		cause:
			"An interface, world or resource is `@unstable`, and a part of it is not. With the feature off, official tools refuse the package if the part is a type.",
		help: "Gate the part with the same feature.",
		example: "package a:b;\n@unstable(feature = x) interface i { type t = u8; }\n",
	},
	"weaker-gate": {
		title: "Item older than what it is part of",
		cause: "The `@since` of a part names an earlier version than that of the whole.",
		help: "Correct one of the two versions.",
		example: "package a:b@0.2.0;\n@since(version = 0.2.0)\ninterface i { @since(version = 0.1.0) f: func(); }\n",
	},
	"misplaced-gate": {
		title: "Gate on a top-level `use`",
		cause: "A top-level `use` only names an interface in its file.",
		help: "Gate the items that use it.",
		example: "package a:b@1.0.0;\n@since(version = 1.0.0)\nuse i as j;\ninterface i {}\n",
	},
	"ignored-external-id": {
		title: "`@external-id` has no effect",
		cause: "It is read, and nothing generated depends on it.",
		help: "Nothing needs to be done.",
		example: 'package a:b;\ninterface i { @external-id("x") f: func(); }\n',
	},
} as const satisfies Record<string, CodeEntry>;
