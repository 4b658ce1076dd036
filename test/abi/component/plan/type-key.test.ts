/** Type keys of every form of type, against expectations written by hand from the rules of keys. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { planComponent } from "../../../../src/abi/component/plan/plan-component.ts";
import { assemble } from "../../../helpers/guest.ts";

/** Returns the keys of the functions of an interface, whose declarations are given as text. */
async function keysOf(declarations: string): Promise<Readonly<Record<string, string>>> {
	const { plan } = planComponent(await assemble(`(component (import "a:b/c@1.2.3" (instance ${declarations})))`));
	return plan.imports[0]?.functions ?? {};
}

function params(...types: string[]): string {
	return types.map((type) => `(param "${type}" ${type})`).join(" ");
}

const FORMS: readonly (readonly [name: string, declarations: string, key: string])[] = [
	[
		"integers",
		`(export "f" (func ${params("s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64")}))`,
		"(s8:s8,u8:u8,s16:s16,u16:u16,s32:s32,u32:u32,s64:s64,u64:u64)",
	],
	[
		"other primitives",
		`(export "f" (func ${params("bool", "f32", "f64", "char", "string")}))`,
		"(bool:bool,f32:f32,f64:f64,char:char,string:string)",
	],
	["no parameters and no result", '(export "f" (func))', "()"],
	["a result", '(export "f" (func (result u8)))', "()->u8"],
	[
		"a record",
		'(type $r (record (field "a-b" u8) (field "c" string))) (export "r" (type $e (eq $r))) (export "f" (func (param "x" $e)))',
		"(x:record{a-b:u8,c:string})",
	],
	[
		"a variant",
		'(type $v (variant (case "a" u8) (case "b"))) (export "v" (type $e (eq $v))) (export "f" (func (param "x" $e)))',
		"(x:variant{a:u8,b})",
	],
	["an enum", '(type $v (enum "a" "b-c")) (export "v" (type $e (eq $v))) (export "f" (func (param "x" $e)))', "(x:enum{a,b-c})"],
	["flags", '(type $v (flags "a" "b-c")) (export "v" (type $e (eq $v))) (export "f" (func (param "x" $e)))', "(x:flags{a,b-c})"],
	["a tuple", '(export "f" (func (param "x" (tuple u8 (tuple string)))))', "(x:tuple<u8,tuple<string>>)"],
	["a list", '(export "f" (func (param "x" (list (list u8)))))', "(x:list<list<u8>>)"],
	["an option", '(export "f" (func (param "x" (option (option u8)))))', "(x:option<option<u8>>)"],
	["a result of both sides", '(export "f" (func (result (result u8 (error string)))))', "()->result<u8,string>"],
	["a result of the value only", '(export "f" (func (result (result u8))))', "()->result<u8,_>"],
	["a result of the error only", '(export "f" (func (result (result (error u8)))))', "()->result<_,u8>"],
	["a result of neither", '(export "f" (func (result (result))))', "()->result<_,_>"],
	[
		"handles",
		'(export "r" (type $r (sub resource))) (export "f" (func (param "x" (borrow $r)) (result (own $r))))',
		"(x:borrow<a:b/c.r>)->own<a:b/c.r>",
	],
	["an async function", '(export "f" (func async))', "unsupported(async)"],
	["a future", '(export "f" (func (param "x" (tuple (future)))))', "unsupported(future)"],
];

for (const [name, declarations, key] of FORMS)
	test(`the key of ${name} is written by its rule`, async () => {
		assert.is((await keysOf(declarations)).f, key);
	});

test("methods have their WIT names, and their key holds the self parameter", async () => {
	const keys = await keysOf(`(export "session" (type $s (sub resource)))
		(export "[constructor]session" (func (result (own $s))))
		(export "[method]session.send" (func (param "self" (borrow $s)) (param "x" u8)))
		(export "[static]session.open" (func (result (own $s))))`);
	assert.equal(keys, {
		"[constructor]session": "()->own<a:b/c.session>",
		"[method]session.send": "(self:borrow<a:b/c.session>,x:u8)",
		"[static]session.open": "()->own<a:b/c.session>",
	});
});

test("a resource has the name of the interface that defines it, through renamed uses and two versions", async () => {
	const { plan } = planComponent(
		await assemble(`(component
			(import "x:io/poll@0.2.1" (instance $one (export "pollable" (type (sub resource)))))
			(import "x:io/poll@0.2.9" (instance $two (export "pollable" (type (sub resource)))))
			(alias export $one "pollable" (type $p1))
			(alias export $two "pollable" (type $p2))
			(import "x:io/streams@0.2.1" (instance $streams
				(alias outer 1 $p1 (type $outer))
				(export "renamed" (type $p (eq $outer)))
				(export "one" (func (result (own $p))))))
			(import "x:io/others@0.2.9" (instance $others
				(alias outer 1 $p2 (type $outer))
				(export "pollable" (type $p (eq $outer)))
				(export "two" (func (result (own $p))))))
			(core func (canon resource.drop $p1))
			(core func (canon resource.drop $p2)))`),
	);
	assert.equal(plan.imports, [
		{ name: "x:io/poll@0.2.1", functions: {}, resources: ["pollable"] },
		{ name: "x:io/poll@0.2.9", functions: {}, resources: ["pollable"] },
		{ name: "x:io/streams@0.2.1", functions: { one: "()->own<x:io/poll.pollable>" }, resources: [] },
		{ name: "x:io/others@0.2.9", functions: { two: "()->own<x:io/poll.pollable>" }, resources: [] },
	]);
	const resource = { interface: "x:io/poll", name: "pollable" };
	assert.equal(plan.trampolines, [
		{ kind: "resource.drop", instance: 0, resource },
		{ kind: "resource.drop", instance: 0, resource },
	]);
});

test("a function whose type this host cannot pass has a key that says so, and is refused where it is lowered only", async () => {
	const text = (lower: string): string => `(component
		(import "a:b/c" (instance $i (export "log" (func (param "x" u8))) (export "read" (func (result (stream u8))))))
		(core func (canon lower (func $i "log"))) ${lower})`;
	const { plan } = planComponent(await assemble(text("")));
	assert.equal(plan.imports[0]?.functions, { log: "(x:u8)", read: "unsupported(stream)" });
	const used = await assemble(text('(core func (canon lower (func $i "read")))'));
	assert.throws(() => planComponent(used), /it calls "read" of "a:b\/c", whose type uses stream, which this host does not support/);
});

test.run();
