import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadComponent } from "../../../src/abi/component/load.ts";
import type { ComponentOutcome } from "../../../src/abi/component/run-outcome.ts";
import { assemble } from "../../helpers/guest.ts";
import { ANSWER, RUN } from "../../helpers/guest-components.ts";
import { besideAnother } from "../../helpers/hostile-guest.ts";
import { parentAndChild } from "../../helpers/nested-guests.ts";
import { unavailableImports } from "../../helpers/programs.ts";

async function runText(text: string): Promise<ComponentOutcome> {
	const loaded = await loadComponent(await assemble(text));
	return besideAnother(async () => (await loaded.instantiate(unavailableImports())).run("x", { cpuMs: 300, timeoutMs: 5_000 }));
}

async function trapOf(text: string): Promise<{ readonly kind: string; readonly message: string }> {
	const outcome = await runText(text);
	assert.ok("trap" in outcome, JSON.stringify(outcome));
	return outcome.trap;
}

const MEMORY = '(memory $c "memory") (realloc (func $c "realloc"))';
const BETWEEN = "a call between components of the guest: ";

/** A child that takes and returns a string. */
const texts = (child: string, parent: string): string =>
	parentAndChild(child, '(param "a" string) (result string)', MEMORY, parent, "(param i32 i32 i32)");
const CALL = "(call $f (i32.const 16) (i32.const 2) (i32.const 64))";

const CASES: readonly (readonly [name: string, text: string, message: string | RegExp])[] = [
	[
		"a component returns the address of a result outside its memory",
		texts('(func (export "f") (param i32 i32) (result i32) (i32.const 65532))', CALL),
		`${BETWEEN}address 65532 with 8 bytes is outside the memory of 65536 bytes`,
	],
	[
		"a component returns a misaligned result",
		texts('(func (export "f") (param i32 i32) (result i32) (i32.const 9))', CALL),
		`${BETWEEN}address 9 is not a multiple of 4`,
	],
	[
		"a component returns a string that is not UTF-8",
		texts(
			'(func (export "f") (param i32 i32) (result i32) (i32.store8 (i32.const 100) (i32.const 0xff)) (i32.store (i32.const 8) (i32.const 100)) (i32.store (i32.const 12) (i32.const 1)) (i32.const 8))',
			CALL,
		),
		`${BETWEEN}a string of 1 bytes at address 100 is not UTF-8`,
	],
	[
		"a component passes a string outside its memory to another",
		texts('(func (export "f") (param i32 i32) (result i32) (i32.const 8))', "(call $f (i32.const 65535) (i32.const 2) (i32.const 64))"),
		`${BETWEEN}address 65535 with 2 bytes is outside the memory of 65536 bytes`,
	],
	[
		"a component wants the result of another at a misaligned place",
		texts('(func (export "f") (param i32 i32) (result i32) (i32.const 8))', "(call $f (i32.const 16) (i32.const 2) (i32.const 66))"),
		`${BETWEEN}address 66 is not a multiple of 4`,
	],
	[
		"a component returns a case that does not exist",
		parentAndChild(
			'(func (export "f") (param i32 i64) (result i32) (i32.const 7))',
			'(param "a" (variant (case "x" f32) (case "y" u64) (case "z"))) (result (enum "p" "q"))',
			"",
			"(drop (call $f (i32.const 1) (i64.const 2)))",
			"(param i32 i64) (result i32)",
		),
		`${BETWEEN}7 stands for none of 2 cases`,
	],
	[
		"a component passes a case that does not exist",
		parentAndChild(
			'(func (export "f") (param i32 i64) (result i32) (i32.const 0))',
			'(param "a" (variant (case "x" f32) (case "y" u64) (case "z"))) (result bool)',
			"",
			"(drop (call $f (i32.const 3) (i64.const 2)))",
			"(param i32 i64) (result i32)",
		),
		`${BETWEEN}3 stands for none of 3 cases`,
	],
	[
		"a component passes a surrogate",
		parentAndChild('(func (export "f") (param i32))', '(param "a" char)', "", "(call $f (i32.const 0xdfff))", "(param i32)"),
		`${BETWEEN}57343 is no character`,
	],
	["a component traps", parentAndChild('(func (export "f") unreachable)', "", "", "(call $f)", ""), /unreachable/],
	[
		"a component loops for ever in a call of another",
		parentAndChild('(func (export "f") (loop $ever (br $ever)))', "", "", "(call $f)", ""),
		/computed for more than \d+ ms where it cannot be suspended/,
	],
	[
		"an exception leaves a component and another catches it",
		parentAndChild(
			'(tag $t) (func (export "f") (throw $t))',
			"",
			"",
			"(block $caught (try_table (catch_all $caught) (call $f))) (loop $ever (br $ever))",
			"",
		),
		"an exception of the guest left a call between components of the guest",
	],
];

for (const [name, text, message] of CASES)
	test(`a guest ends when ${name}`, async () => assert.match((await trapOf(text)).message, message));

test("values pass between components of a guest", async () => {
	const echo =
		'(func (export "f") (param i32 i32) (result i32) (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1)) (i32.const 8))';
	const check = `${CALL} (if (i32.ne (i32.load16_u (i32.load (i32.const 64))) (i32.const 0x6b6f)) (then unreachable))
		(if (i32.ne (i32.load (i32.const 68)) (i32.const 2)) (then unreachable))`;
	assert.equal(await runText(texts(echo, check)), { ok: "ok" });
});

/** A child that defines a resource with a destructor, and a parent that makes one. */
function resource(destructor: string, run: string, more = ""): string {
	return `(component
		(component $child
			(core module $d (tag $t) (func (export "dtor") (param i32) ${destructor}))
			(core instance $d (instantiate $d))
			(type $own (resource (rep i32) (dtor (func $d "dtor"))))
			(export $r "r" (type $own))
			(core func $new (canon resource.new $own))
			(core func $drop (canon resource.drop $own))
			(core module $m
				(import "" "new" (func $new (param i32) (result i32)))
				(import "" "drop" (func $drop (param i32)))
				(func (export "make") (result i32) (call $new (i32.const 5)))
				(func (export "look") (param i32) (result i32) (local.get 0))
				(func (export "end") (param i32) (call $drop (local.get 0))))
			(core instance $m (instantiate $m (with "" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
			(func (export "make") (result (own $r)) (canon lift (core func $m "make")))
			(func (export "look") (param "it" (borrow $r)) (result u32) (canon lift (core func $m "look")))
			(func (export "end") (param "it" (own $r)) (canon lift (core func $m "end"))))
		(instance $child (instantiate $child))
		(alias export $child "r" (type $r))
		(component $other
			(import "r" (type $r (sub resource)))
			(core module $m (func (export "keep") (param i32)))
			(core instance $m (instantiate $m))
			(func (export "keep") (param "it" (borrow $r)) (canon lift (core func $m "keep"))))
		(instance $other (instantiate $other (with "r" (type $r))))
		(core func $make (canon lower (func $child "make")))
		(core func $look (canon lower (func $child "look")))
		(core func $end (canon lower (func $child "end")))
		(core func $keep (canon lower (func $other "keep")))
		(core func $drop (canon resource.drop $r))
		(core module $m
			(import "" "make" (func $make (result i32)))
			(import "" "look" (func $look (param i32) (result i32)))
			(import "" "end" (func $end (param i32)))
			(import "" "keep" (func $keep (param i32)))
			(import "" "drop" (func $drop (param i32)))
			(memory (export "memory") 1)
			${ANSWER}
			${more}
			(func (export "run") (param i32 i32) (result i32) (local $a i32) ${run} (call $answer)))
		(core instance $i (instantiate $m (with "" (instance
			(export "make" (func $make)) (export "look" (func $look)) (export "end" (func $end))
			(export "keep" (func $keep)) (export "drop" (func $drop))))))
		${RUN})`;
}

const MAKE = "(local.set $a (call $make))";

test("a resource of a component is made, lent and ended, and its defining component sees the representation", async () => {
	const run = `${MAKE} (if (i32.ne (call $look (local.get $a)) (i32.const 5)) (then unreachable)) (call $end (local.get $a)) (call $drop (call $make))`;
	assert.equal(await runText(resource("(if (i32.ne (local.get 0) (i32.const 5)) (then unreachable))", run)), { ok: "ok" });
});

const DROPPED = `${MAKE} (call $drop (local.get $a))`;
const RESOURCES: readonly (readonly [name: string, text: string, message: string | RegExp])[] = [
	[
		"keeps a borrowed handle",
		resource("", `${MAKE} (call $keep (local.get $a))`),
		`${BETWEEN}the guest returned and kept a borrowed handle`,
	],
	[
		"uses a handle that it gave away",
		resource("", `${MAKE} (call $end (local.get $a)) (drop (call $look (local.get $a)))`),
		"there is no handle 1",
	],
	["has a destructor that traps", resource("unreachable", DROPPED), /unreachable/],
	[
		"has a destructor that loops for ever",
		resource("(loop $ever (br $ever))", DROPPED),
		/computed for more than \d+ ms where it cannot be suspended/,
	],
	[
		"has a destructor that throws an exception, and catches it",
		resource("(throw $t)", `${MAKE} (block $caught (try_table (catch_all $caught) (call $drop (local.get $a)))) (loop $ever (br $ever))`),
		"an exception of the guest left a destructor",
	],
	["makes a handle up", resource("", "(drop (call $look (i32.const 3)))"), `${BETWEEN}there is no handle 3`],
];

for (const [name, text, message] of RESOURCES)
	test(`a guest of several components ends when one ${name}`, async () => assert.match((await trapOf(text)).message, message));

/** A child that calls its import, which is a function of the parent. */
const reentrant = `(component
	(component $child
		(import "back" (func $back))
		(core func $back (canon lower (func $back)))
		(core module $m (import "" "back" (func $back)) (func (export "f") (call $back)))
		(core instance $m (instantiate $m (with "" (instance (export "back" (func $back))))))
		(func (export "f") (canon lift (core func $m "f"))))
	(core module $table
		(table (export "t") 1 funcref)
		(func (export "f") (call_indirect (i32.const 0)))
		(func (export "back") (nop)))
	(core instance $table (instantiate $table))
	(func $back (canon lift (core func $table "back")))
	(instance $child (instantiate $child (with "back" (func $back))))
	(core func $f (canon lower (func $child "f")))
	(core module $m
		(import "" "f" (func $f))
		(memory (export "memory") 1)
		${ANSWER}
		(func (export "run") (param i32 i32) (result i32) (call $f) (call $answer)))
	(core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
	${RUN})`;

test("a component that is called back while it runs ends its guest", async () => {
	assert.match((await trapOf(reentrant)).message, "the guest is running already, and its exports cannot be called until it returns");
});

test.run();
