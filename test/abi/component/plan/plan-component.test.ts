/** Plans of small components: which core instances, functions and types remain of aliases, instances and nested components. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Plan } from "../../../../src/abi/component/plan/plan.ts";
import { planComponent } from "../../../../src/abi/component/plan/plan-component.ts";
import { assemble } from "../../../helpers/guest.ts";
import { joinedBy } from "../../../helpers/guest-components.ts";

async function planOf(text: string): Promise<Plan> {
	const { plan, modules } = planComponent(await assemble(text));
	assert.is(modules.length, plan.modules);
	assert.equal(JSON.parse(JSON.stringify(plan)), plan, "a plan is data");
	return plan;
}

const RUN_KEY = "(input:string)->string";

/** A component that lowers one import, and lifts one function with memory and an allocator. */
const LOWERS_AND_LIFTS = `(component
	(import "wasi:cli/exit@0.2.12" (instance $exit (export "exit" (func (param "status" (result))))))
	(core func $lowered (canon lower (func $exit "exit")))
	(core module $m
		(import "host" "exit" (func $exit (param i32)))
		(memory (export "memory") 1)
		(func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
		(func (export "run") (param i32 i32) (result i32) unreachable))
	(core instance $i (instantiate $m (with "host" (instance (export "exit" (func $lowered))))))
	(func (export "run") (param "input" string) (result string)
		(canon lift (core func $i "run") (memory $i "memory") (realloc (func $i "realloc")))))`;

/** An import whose type uses a resource of another import. */
const USES_RESOURCE = `(component
	(import "wasi:io/poll@0.2.12" (instance $poll
		(export "pollable" (type $p (sub resource)))
		(export "[method]pollable.block" (func (param "self" (borrow $p))))))
	(alias export $poll "pollable" (type $pollable))
	(import "wasi:clocks/monotonic-clock@0.2.12" (instance $clock
		(alias outer 1 $pollable (type $outer))
		(export "pollable" (type $p (eq $outer)))
		(export "subscribe-duration" (func (param "when" u64) (result (own $p)))))))`;

test("a lowered import is a trampoline, and a module imports single items of an inline instance", async () => {
	assert.equal(await planOf(LOWERS_AND_LIFTS), {
		imports: [{ name: "wasi:cli/exit@0.2.12", functions: { exit: "(status:result<_,_>)" }, resources: [] }],
		modules: 1,
		instances: 1,
		resources: [],
		steps: [{ module: 0, instance: 0, imports: [["host", { items: [["exit", { trampoline: 0 }]] }]] }],
		trampolines: [{ kind: "lower-import", instance: 0, interface: "wasi:cli/exit@0.2.12", function: "exit", options: {} }],
		exports: {
			run: {
				instance: 0,
				core: { step: 0, name: "run" },
				options: { memory: { step: 0, name: "memory" }, realloc: { step: 0, name: "realloc" } },
				key: RUN_KEY,
				type: 0,
			},
		},
		types: [{ params: [{ name: "input", type: { kind: "string" } }], result: { kind: "string" } }],
	});
});

test("a core instance that is an argument as a whole is named by its step", async () => {
	const plan = await planOf(joinedBy("x"));
	assert.equal(plan.steps, [
		{ module: 0, instance: 0, imports: [] },
		{ module: 1, instance: 0, imports: [["a", { step: 0 }]] },
	]);
});

test("a resource that an interface uses is that of the interface that defines it", async () => {
	const plan = await planOf(USES_RESOURCE);
	assert.equal(
		plan.imports.map(({ functions }) => functions),
		[
			{ "[method]pollable.block": "(self:borrow<wasi:io/poll.pollable>)" },
			{ "subscribe-duration": "(when:u64)->own<wasi:io/poll.pollable>" },
		],
	);
});

test("every sort of core item passes through aliases and inline instances", async () => {
	const plan = await planOf(`(component
		(core module $a
			(func (export "f")) (memory (export "m") 1) (table (export "t") 1 funcref) (global (export "g") i32 (i32.const 1)))
		(core module $b
			(import "x" "f" (func)) (import "x" "m" (memory 1)) (import "x" "t" (table 1 funcref)) (import "x" "g" (global i32)))
		(core instance $a (instantiate $a))
		(alias core export $a "f" (core func $f))
		(core instance $x (export "f" (func $f)) (export "m" (memory $a "m")) (export "t" (table $a "t")) (export "g" (global $a "g"))
			(export "unused" (func $f)))
		(core instance (instantiate $b (with "x" (instance $x)))))`);
	assert.equal(plan.steps[1]?.imports, [["x", { items: ["f", "m", "t", "g"].map((name) => [name, { step: 0, name }]) }]]);
});

const ADDER = `(component $adder
	(core module $m (func (export "add") (param i32) (result i32) local.get 0))
	(core instance $m (instantiate $m))
	(func (export "add") (param "x" u32) (result u32) (canon lift (core func $m "add"))))`;

test("a module of a component that is instantiated twice is kept once, and each instance has a number", async () => {
	const plan = await planOf(`(component ${ADDER}
		(instance $one (instantiate $adder))
		(instance $two (instantiate $adder))
		(core func (canon lower (func $one "add")))
		(core func (canon lower (func $two "add")))
		(core func (canon lower (func $two "add"))))`);
	assert.is(plan.modules, 1);
	assert.is(plan.instances, 3);
	assert.equal(
		plan.steps.map(({ module, instance }) => [module, instance]),
		[
			[0, 1],
			[0, 2],
		],
	);
	const callee = (instance: number) => ({ instance, core: { step: instance - 1, name: "add" }, options: {}, key: "(x:u32)->u32", type: 0 });
	assert.equal(
		plan.trampolines,
		[1, 2, 2].map((instance) => ({ kind: "lower-lifted", instance: 0, callee: { ...callee(instance), type: instance - 1 }, options: {} })),
	);
	const type = { params: [{ name: "x", type: { kind: "u32" } }], result: { kind: "u32" } };
	assert.equal(plan.types, [type, type]);
});

test("functions, instances, types, components and modules are arguments of nested components", async () => {
	const plan = await planOf(`(component ${ADDER}
		(import "h:i/j" (instance $host (export "r" (type (sub resource))) (export "get" (func (result u32)))))
		(alias export $host "r" (type $r))
		(core module $user (import "x" "add" (func (param i32) (result i32))) (import "x" "get" (func (result i32))))
		(component $inner
			(import "c" (component $c (export "add" (func (param "x" u32) (result u32)))))
			(import "host" (instance $h (export "get" (func (result u32)))))
			(import "r" (type $r (sub resource)))
			(import "user" (core module $m (import "x" "add" (func (param i32) (result i32))) (import "x" "get" (func (result i32)))))
			(import "f" (func $f (result u32)))
			(instance $i (instantiate $c))
			(core func $add (canon lower (func $i "add")))
			(core func $get (canon lower (func $h "get")))
			(core func (canon lower (func $f)))
			(core func (canon resource.drop $r))
			(core instance (instantiate $m (with "x" (instance (export "add" (func $add)) (export "get" (func $get)))))))
		(instance (instantiate $inner
			(with "c" (component $adder)) (with "host" (instance $host)) (with "r" (type $r))
			(with "user" (core module $user)) (with "f" (func $host "get")))))`);
	assert.equal(
		plan.trampolines.map(({ kind, instance }) => [kind, instance]),
		[
			["lower-lifted", 1],
			["lower-import", 1],
			["lower-import", 1],
			["resource.drop", 1],
		],
	);
	assert.is(plan.instances, 3);
	assert.equal(plan.steps[1], {
		module: 1,
		instance: 1,
		imports: [
			[
				"x",
				{
					items: [
						["add", { trampoline: 0 }],
						["get", { trampoline: 1 }],
					],
				},
			],
		],
	});
});

test("outer aliases reach types, modules and components around a component", async () => {
	const plan = await planOf(`(component $top ${ADDER}
		(core module $m)
		(type $pair (tuple u8 u16))
		(component $inner
			(alias outer $top $adder (component $a))
			(alias outer $top $m (core module $mm))
			(alias outer $top $pair (type $p))
			(instance $i (instantiate $a))
			(core instance (instantiate $mm))
			(core module $f (func (export "f") (param i32 i32)))
			(core instance $f (instantiate $f))
			(func (export "f") (param "x" $p) (canon lift (core func $f "f"))))
		(instance $i (instantiate $inner))
		(export "f" (func $i "f")))`);
	assert.is(plan.exports.f?.key, "(x:tuple<u8,u16>)");
	assert.is(plan.steps.length, 3);
});

test("a resource of the component has a number, its destructor, and functions of the instance that defines it", async () => {
	const plan = await planOf(`(component
		(core module $m (func (export "drop") (param i32)) (func (export "use") (param i32)))
		(core instance $m (instantiate $m))
		(type $r (resource (rep i32) (dtor (core func $m "drop"))))
		(export $r' "thing" (type $r))
		(core func (canon resource.new $r))
		(core func (canon resource.rep $r'))
		(core func (canon resource.drop $r))
		(func (export "use") (param "x" (borrow $r')) (canon lift (core func $m "use"))))`);
	assert.equal(plan.resources, [{ instance: 0, destructor: { step: 0, name: "drop" } }]);
	assert.equal(plan.trampolines, [
		{ kind: "resource.new", instance: 0, resource: 0 },
		{ kind: "resource.rep", instance: 0, resource: 0 },
		{ kind: "resource.drop", instance: 0, resource: { guest: 0 } },
	]);
	assert.is(plan.exports.use?.key, "(x:borrow<guest.0>)");
	assert.equal(plan.types[0]?.params[0]?.type, { kind: "borrow", resource: { guest: 0 } });
});

test("functions of an exported interface are exports with the name of the interface", async () => {
	const plan = await planOf(`(component ${ADDER}
		(instance $i (instantiate $adder))
		(export "a:b/c@1.0.0" (instance $i)))`);
	assert.equal(Object.keys(plan.exports), ["a:b/c@1.0.0#add"]);
});

test("a module that is never instantiated is no part of the plan", async () => {
	assert.is((await planOf("(component (core module) (core module $m) (core instance (instantiate $m)))")).modules, 1);
});

test("names that JavaScript gives a meaning are names like others", async () => {
	const names = ["__proto__", "constructor", "then", "toString", "'\\22);process.exit()//", "\\e2\\80\\a8"];
	const plan = await planOf(`(component
		(core module $a ${names.map((name) => `(func (export "${name}"))`).join(" ")})
		(core module $b ${names.map((name) => `(import "__proto__" "${name}" (func))`).join(" ")})
		(core instance $a (instantiate $a))
		(core instance $x ${names.map((name) => `(export "${name}" (func $a "${name}"))`).join(" ")})
		(core instance (instantiate $b (with "__proto__" (instance $x)))))`);
	assert.is(Object.getPrototypeOf(plan.exports), Object.prototype);
	const [entry] = plan.steps[1]?.imports ?? [];
	assert.is(entry?.[0], "__proto__");
	assert.ok(entry !== undefined && "items" in entry[1] && entry[1].items.length === names.length);
	assert.is(Object.hasOwn({}, "polluted"), false);
});

test("an interface with a function of the name constructor has that function as its own", async () => {
	const plan = await planOf('(component (import "constructor" (instance (export "constructor" (func)))))');
	assert.ok(Object.hasOwn(plan.imports[0]?.functions ?? {}, "constructor"));
});

test.run();
