/** Codes of the lint profile `spear`: what a package of hostcalls must follow beyond being valid WIT. */
import type { CodeEntry } from "./code-entry.ts";

export const SPEAR_CODES = {
	undocumented: {
		title: "Item without a doc comment",
		cause: "Documentation and typings are made of doc comments.",
		help: "Say in a `///` line above the item what it is for.",
	},
	"unversioned-package": {
		title: "Package without a version",
		cause: "Guests are built against a version of the package.",
		help: "Declare one: `package a:b@0.1.0;`.",
	},
	"missing-since": {
		title: "Item without `@since`",
		cause: "A guest cannot tell which host has the item.",
		help: "Write `@since(version = …)` above it, or `@unstable(feature = …)` while it may still change.",
	},
	"unknown-doc-tag": {
		title: "Unknown doc tag",
		cause: "A doc line begins with `@` and a name that is no tag.",
		help: "Correct the tag, or begin the line with another word.",
	},
	"misplaced-doc-tag": {
		title: "Doc tag in the wrong place",
		cause: "The tag means nothing on this kind of item.",
		help: "Move it to the item that it is about.",
	},
	"malformed-doc-tag": {
		title: "Doc tag with a wrong value",
		cause: "The value of the tag is not in its form.",
		help: "The message says what it takes.",
	},
	"slow-pattern": {
		title: "`@pattern` that may take very long",
		cause: "The host checks texts of guests with it. Some texts could be divided in so many ways that the check never ends.",
		help: "Anchor it with `^` and `$`, and let no two loops read the same characters one after the other. Quantifiers with a bound count as loops.",
	},
	"repeated-doc-tag": {
		title: "Doc tag given twice",
		cause: "The tag holds one value.",
		help: "Keep one of them.",
	},
	"misfit-doc-tag": {
		title: "Doc tag that does not fit the type",
		cause: "The tag limits values that the type does not have.",
		help: "Drop the tag or change the type.",
	},
	"unknown-replacement": {
		title: "Replacement that does not exist",
		cause: "The tag `@replaced-by` names no function, resource or interface of the package.",
		help: "Name one: `complete` or `session.send` within the interface, `cchat.complete` in another.",
	},
	"several-readiness": {
		title: "Several resources tagged `@readiness`",
		cause: "All streams of a package are waited for with one resource.",
		help: "Keep the tag on one, and use its handles everywhere.",
	},
	"missing-result": {
		title: "Function that cannot say that it failed",
		cause: "A hostcall that fails without a result ends or hangs its guest.",
		help: "Return `result<…, error>`.",
	},
	"wrong-error-type": {
		title: "Another error type than `types.error`",
		cause: "Guests handle all failures alike.",
		help: "Return `result<…, error>`.",
	},
	"async-function": {
		title: "`async func`",
		cause: "Guest engines do not support it yet.",
		help: "Make it a plain `func` tagged `@blocking`.",
	},
	"error-shape": {
		title: "Error record of another shape",
		cause: "Bindings fill in the fields of `types.error`, and guests switch on its codes.",
		help: "The message names the field or case and its type.",
	},
	"64-bit-integer": {
		title: "64-bit integer",
		cause: "Guests in JavaScript trap on it or lose digits.",
		help: "Use `u32` or `s32`, or `f64` for whole numbers up to 2^53.",
	},
	"unserved-type": {
		title: "Type that hostcalls do not carry",
		cause: "Streams, futures, error contexts and maps with other keys than strings have no form between guest and host yet.",
		help: "Offer a resource tagged `@stream`, or a list of records.",
	},
	"handle-in-data": {
		title: "Handle in data",
		cause: "Payloads, results and events are data; a handle has no meaning outside its guest.",
		help: "Pass handles as parameters and results of functions.",
	},
	"stream-without-reader": {
		title: "Stream that cannot be read",
		cause: "Every stream has the methods `next`, `try-next` and `subscribe`.",
		help: "Add the method that the message shows.",
	},
	"wrong-stream-reader": {
		title: "Stream that is read in another way",
		cause: "One queue serves all streams, so their methods are alike.",
		help: "Write the method as the message shows it.",
	},
	"event-without-end": {
		title: "Events without an end",
		cause: "Every stream ends in exactly one of `completed(…)` and `failed(…)`.",
		help: "Add both cases, each with a value.",
	},
	"several-events": {
		title: "Operation with several kinds of events",
		cause: "An operation has one kind of event.",
		help: "Gather the cases in one variant.",
	},
	"payload-not-taken": {
		title: "Payload that no function takes",
		cause: "The operation could not be called.",
		help: "Add a function with the payload as a parameter.",
	},
	"result-not-given": {
		title: "Operation without an answer",
		cause: "No function returns the result of the operation or one of its streams.",
		help: "Add one that returns `result<…, error>` of either.",
	},
	"unsupported-type": {
		title: "Type without a form in generated code",
		cause: "Generated code has modules for the types of the package's own interfaces, and no form for the type or the function here.",
		help: "Declare the type in an interface of the package, or use another type.",
	},
	"missing-type": {
		title: "Type that generated code needs",
		cause: "Hand-written schemas and code refer to the type by its name.",
		help: "Declare it, or change what refers to it.",
	},
	"reserved-name": {
		title: "Name with another meaning in generated code",
		cause: "The name would be a different thing on a JavaScript object or in the Canonical IR.",
		help: "Choose another name.",
	},
	"name-collision": {
		title: "Names that fall together in generated code",
		cause: "Two names differ in WIT and are the same in the spelling of generated code.",
		help: "Rename one of them.",
	},
	"several-tagged-records": {
		title: "Several payloads or results",
		cause: "An operation has exactly one payload and one result.",
		help: "Gather the variants of a request in one record.",
	},
	"missing-tagged-record": {
		title: "Operation without a payload or a result",
		cause: "An interface tagged `@operation` has a record tagged `@payload` and one tagged `@result`.",
		help: "Tag the record that holds what one request or answer carries.",
	},
	"unknown-event": {
		title: "Stream of unknown events",
		cause: "`@stream` and `@session` name a variant of the same interface.",
		help: "Correct the name, or declare the variant.",
	},
	"duplicate-operation": {
		title: "Operation of two interfaces",
		cause: "An operation belongs to one interface.",
		help: "Rename one of them.",
	},
} as const satisfies Record<string, CodeEntry>;
