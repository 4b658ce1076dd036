/** Components that the planner refuses, each with the name of what is refused. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { planComponent } from "../../../../src/abi/component/plan/plan-component.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { assemble } from "../../../helpers/guest.ts";
import { component, section, text, vector } from "../../../helpers/wasm-bytes.ts";

/** Returns the message of the refusal, or "" if the bytes are planned. */
function refusal(bytes: Uint8Array): string {
	try {
		planComponent(bytes);
	} catch (error) {
		assert.instance(error, SpearError);
		if (error instanceof SpearError) {
			assert.is(error.code, "invalid_request");
			return error.message;
		}
	}
	return "";
}

/** A module with a memory, an allocator and functions of some signatures, as an instance. */
const CORE = `
	(core module $m
		(memory (export "memory") 1) (global (export "global") i32 (i32.const 0))
		(func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
		(func (export "none")) (func (export "one") (result i32) unreachable) (func (export "two") (param i32 i32)))
	(core instance $m (instantiate $m))`;

/** Components in text form that the component model accepts and this host refuses. */
const UNSUPPORTED: readonly (readonly [name: string, text: string, message: RegExp])[] = [
	["an imported module", '(import "m" (core module))', /its import "m" is a core module; this host offers interfaces/],
	["an imported component", '(import "c" (component))', /its import "c" is a component; this host offers interfaces/],
	[
		"an instance inside an interface",
		'(import "a:b/c" (instance (export "i" (instance))))',
		/its import "a:b\/c" asks for the instance "i"/,
	],
	["a module inside an interface", '(import "a:b/c" (instance (export "m" (core module))))', /asks for the core module "m"/],
	[
		"an import as export",
		'(import "a:b/c" (instance $i (export "f" (func)))) (export "g" (func $i "f"))',
		/its export "g" is a function that it imports/,
	],
	[
		"a stream in an export",
		`${CORE} (func (export "f") (result (stream u8)) (canon lift (core func $m "one")))`,
		/its export "f" uses a function whose type has stream/,
	],
	[
		"an async function that is called",
		'(import "a:b/c" (instance $i (export "f" (func async)))) (core func (canon lower (func $i "f")))',
		/it calls "f" of "a:b\/c", whose type uses async/,
	],
	[
		"an async lower",
		`${CORE} (import "a:b/c" (instance $i (export "f" (func async)))) (core func (canon lower (func $i "f") async))`,
		/the canonical option async at byte \d+/,
	],
	[
		"UTF-16",
		`${CORE} (func (param "x" string) (canon lift (core func $m "two") (memory $m "memory") (realloc (func $m "realloc")) string-encoding=utf16))`,
		/the canonical option strings in UTF-16 at byte \d+/,
	],
	[
		"Latin-1",
		`${CORE} (func (param "x" string) (canon lift (core func $m "two") (memory $m "memory") (realloc (func $m "realloc")) string-encoding=latin1+utf16))`,
		/the canonical option strings in Latin-1/,
	],
	["a function `then`", `${CORE} (func (export "then") (canon lift (core func $m "none")))`, /it exports a function `then`/],
	["a task's return", "(core func (canon task.return))", /it uses task\.return at byte \d+/],
	["back pressure", "(core func (canon backpressure.inc))", /it uses backpressure\.inc at byte \d+/],
	["a set of waitables", "(core func (canon waitable-set.new))", /it uses waitable-set\.new at byte \d+/],
	["the context of a task", "(core func (canon context.get i32 0))", /it uses context\.get at byte \d+/],
	["a stream", "(type $s (stream u8)) (core func (canon stream.new $s))", /it uses stream\.new at byte \d+/],
	["a future", "(type $s (future u8)) (core func (canon future.new $s))", /it uses future\.new at byte \d+/],
	["a subtask", "(core func (canon subtask.drop))", /it uses subtask\.drop at byte \d+/],
];

for (const [name, body, message] of UNSUPPORTED)
	test(`${name} is refused by its name`, async () => {
		assert.match(refusal(await assemble(`(component ${body})`)), message);
	});

/** Components in text form that are not valid. The assembler does not check them. */
const INVALID: readonly (readonly [name: string, text: string, message: RegExp])[] = [
	[
		"a lift without memory",
		`${CORE} (func (param "x" string) (canon lift (core func $m "two")))`,
		/a lift at byte \d+ needs the option memory/,
	],
	[
		"a lift without realloc",
		`${CORE} (func (param "x" string) (canon lift (core func $m "two") (memory $m "memory")))`,
		/a lift at byte \d+ needs the option realloc/,
	],
	[
		"a lower without memory",
		'(import "a:b/c" (instance $i (export "f" (func (param "x" string))))) (core func (canon lower (func $i "f")))',
		/a lower at byte \d+ needs the option memory/,
	],
	[
		"a lower without realloc",
		`${CORE} (import "a:b/c" (instance $i (export "f" (func (result string))))) (core func (canon lower (func $i "f") (memory $m "memory")))`,
		/a lower at byte \d+ needs the option realloc/,
	],
	[
		"an allocator of another signature",
		`${CORE} (func (param "x" string) (canon lift (core func $m "two") (memory $m "memory") (realloc (func $m "one"))))`,
		/the core function of realloc at byte \d+ has the signature >i, not iiii>i/,
	],
	[
		"a lift of another signature",
		`${CORE} (func (param "x" u64) (canon lift (core func $m "none")))`,
		/the core function of a lift at byte \d+ has the signature >, not I>/,
	],
	[
		"a post-return of another signature",
		`${CORE} (func (result u8) (canon lift (core func $m "one") (post-return (func $m "none"))))`,
		/the core function of post-return at byte \d+ has the signature >, not i>/,
	],
	[
		"a destructor of another signature",
		`${CORE} (type (resource (rep i32) (dtor (core func $m "none"))))`,
		/the core function of a destructor at byte \d+ has the signature >, not i>/,
	],
	[
		"an absent core export",
		`${CORE} (alias core export $m "absent" (core func $f))`,
		/the alias at byte \d+ refers to the core function "absent"/,
	],
	[
		"a core export of another kind",
		`${CORE} (alias core export $m "memory" (core func $f))`,
		/refers to the core function "memory", which the core instance does not export/,
	],
	[
		"an absent export",
		'(import "a:b/c" (instance $i)) (alias export $i "absent" (func $f))',
		/refers to the function "absent", which the instance does not export/,
	],
	[
		"an absent core import",
		'(core module $m (import "x" "f" (func))) (core instance (instantiate $m))',
		/is not supplied with the core function "f" of "x"/,
	],
	[
		"a core import of another kind",
		`${CORE} (core module $n (import "x" "memory" (func))) (core instance (instantiate $n (with "x" (instance $m))))`,
		/is not supplied with the core function "memory" of "x"/,
	],
	[
		"a core import of another signature",
		'(import "a:b/c" (instance $i (export "f" (func (param "x" u64))))) (core func $f (canon lower (func $i "f"))) (core module $n (import "x" "f" (func (param i32)))) (core instance (instantiate $n (with "x" (instance (export "f" (func $f))))))',
		/expects "f" of "x" with another signature/,
	],
	[
		"an argument that is absent",
		'(component $c (import "f" (func))) (instance (instantiate $c))',
		/asks for the function "f", which is not supplied/,
	],
	[
		"an argument of another type",
		'(import "a:b/c" (instance $i (export "f" (func)))) (component $c (import "f" (func (result u8)))) (instance (instantiate $c (with "f" (func $i "f"))))',
		/asks for the function "f", and is supplied with another kind or type/,
	],
	[
		"an instance argument without an export",
		'(import "a:b/c" (instance $i)) (component $c (import "i" (instance (export "f" (func))))) (instance (instantiate $c (with "i" (instance $i))))',
		/asks for the function "f", which is not supplied/,
	],
	["an index that does not exist", "(core func (canon lower (func 7)))", /refers to function 7, which does not exist/],
	[
		"a resource function on another component's resource",
		'(import "a:b/c" (instance $i (export "r" (type (sub resource))))) (alias export $i "r" (type $r)) (core func (canon resource.new $r))',
		/resource\.new at byte \d+ is of a resource that another component defines/,
	],
	[
		"an outer alias of a resource",
		"(component $c (type $r (resource (rep i32))) (component $d (alias outer $c $r (type $a))) (instance (instantiate $d)))",
		/takes a type with resources out of another component/,
	],
	["a value type that is none", "(type $f (func)) (type (list $f))", /type 0, which the definition at byte \d+ uses as a value, is none/],
	[
		"a borrowed result",
		'(import "a:b/c" (instance (export "r" (type $r (sub resource))) (export "f" (func (result (borrow $r))))))',
		/returns a borrowed handle/,
	],
	["two imports of one name", '(import "a:b/c" (instance)) (import "a:b/c" (instance))', /the name "a:b\/c" at byte \d+ stands twice/],
	[
		"two exports of one name",
		`${CORE} (func $f (canon lift (core func $m "none"))) (export "f" (func $f)) (export "F" (func $f))`,
		/the name "F" at byte \d+ stands twice/,
	],
	[
		"two exports of one function's name",
		`(component $c ${CORE} (func (export "d") (canon lift (core func $m "none")))) (instance $i (instantiate $c)) (export "a:b/c" (instance $i)) (export "a:b/c#d" (func $i "d"))`,
		/its export "a:b\/c#d" stands for two functions/,
	],
	["a 64-bit memory", "(core module $m (memory i64 1)) (core instance (instantiate $m))", /shared or 64-bit memory/],
	["a shared memory", "(core module $m (memory 1 1 shared)) (core instance (instantiate $m))", /shared or 64-bit memory/],
	["a garbage-collected type", "(core module $m (type (struct (field i32)))) (core instance (instantiate $m))", /garbage-collected/],
	["two fields of one name", '(type (record (field "a" u8) (field "A" u8)))', /the name "A" stands twice in a list at byte \d+/],
	["a label that would structure a key", '(type (record (field "a:u8,b" u8)))', /the label "a:u8,b" at byte \d+ is not in kebab case/],
	["a record without fields", "(type (record))", /a record without fields at byte \d+/],
	[
		"flags of more than one word",
		`(type (flags ${Array.from({ length: 33 }, (_, index) => `"f${index}"`).join(" ")}))`,
		/has more than 32 labels/,
	],
];

for (const [name, body, message] of INVALID)
	test(`${name} is refused with its place`, async () => {
		const bytes = await assemble(name.startsWith("an outer") ? body.replace(/^\(component \$c/, "(component $c") : `(component ${body})`);
		assert.match(refusal(bytes), message);
	});

const BYTES: readonly (readonly [name: string, bytes: Uint8Array, message: RegExp])[] = [
	["a start function", component(section(9, vector(1, [0, 0, 0]))), /it uses a start function at byte 8/],
	["a section of values", component(section(12, vector(1, [0x73, 0]))), /it uses component values at byte 8/],
	["a section of unknown kind", component(section(13, [])), /a section of unknown kind 13 at byte 8/],
	["a value as a sort", component(section(11, [1, 0, ...text("v"), 2, 0, 0])), /it uses a component value at byte \d+/],
	["a value as an import", component(section(10, [1, 0, ...text("v"), 2, 1, 0x73])), /it uses a component value at byte \d+/],
	["a type of unknown form", component(section(7, [1, 0x3e])), /a type of unknown form 0x3e at byte 11/],
	["a canonical option of garbage collection", component(section(8, [1, 0x01, 0x00, 0, 1, 0x09])), /the canonical option gc at byte \d+/],
	["a callback", component(section(8, [1, 0x01, 0x00, 0, 1, 0x07])), /the canonical option callback at byte \d+/],
	["a shared thread", component(section(8, [1, 0x42, 0])), /it uses thread\.available-parallelism at byte 11/],
	["an asynchronous drop", component(section(8, [1, 0x07, 0])), /it uses resource\.drop async at byte 11/],
	["a canonical function of unknown code", component(section(8, [1, 0x7f])), /a canonical function of unknown code 0x7f at byte 11/],
	["a core type of garbage collection", component(section(3, [1, 0x5f, 0])), /a core type of form 0x5f at byte 11/],
	[
		"a count beyond the section",
		component(section(7, [0xff, 0xff, 0x03])),
		/a count of 65535 at byte 10 is larger than the rest of its section/,
	],
	["bytes after the definitions of a section", component(section(7, [1, 0x73, 0])), /holds more than its definitions/],
	["a name of unknown form", component(section(10, [1, 3, ...text("v"), 5, 0])), /a name of unknown form 3/],
	["an empty name", component(section(10, [1, 0, 0, 5, 0])), /an empty name/],
	["a name that is not UTF-8", component(section(10, [1, 0, 1, 0xff, 5, 0])), /is not UTF-8/],
	["a long name", component(section(10, [1, 0, ...text("n".repeat(4097)), 5, 0])), /is longer than 4096 bytes/],
	["a negative index of a type", component(section(7, [1, 0x70, 0x80, 0x40])), /is a negative number/],
	["a nested component that is none", component(section(4, [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])), /does not begin like one/],
];

for (const [name, bytes, message] of BYTES) test(`${name} is refused`, () => assert.match(refusal(bytes), message));

test("attributes of names are read and dropped", () => {
	const name = [2, ...text("a:b/c@1.0.0"), 2, 1, ...text(".0"), 2, ...text("id")];
	const { plan } = planComponent(component(section(7, [1, 0x42, 0]), section(10, [1, ...name, 5, 0])));
	assert.equal(plan.imports, [{ name: "a:b/c@1.0.0", functions: {}, resources: [] }]);
});

test.run();
