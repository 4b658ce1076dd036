import { test } from "uvu";
import * as assert from "uvu/assert";
import { refuseReservedNames } from "../../../../src/abi/component/link/reserved-names.ts";
import { loadComponent } from "../../../../src/abi/component/load.ts";
import type { LiftedFunction, Plan } from "../../../../src/abi/component/plan/plan.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { assemble } from "../../../helpers/guest.ts";
import { RUN } from "../../../helpers/guest-components.ts";

const REFUSAL = /x cannot be loaded: it uses the name __spear_meter, which is reserved for the host/;

const COUNTER = { step: 0, name: "__spear_meter" };
const PLAIN = { step: 0, name: "memory" };

const lifted = (change: Partial<LiftedFunction>): LiftedFunction => ({ instance: 0, core: PLAIN, options: {}, key: "()", ...change });

const plan = (change: Partial<Plan>): Plan => ({
	imports: [],
	modules: 1,
	instances: 1,
	resources: [],
	steps: [],
	trampolines: [],
	exports: {},
	types: [],
	...change,
});

const USES: Readonly<Record<string, Partial<Plan>>> = {
	"an import module": { steps: [{ module: 0, instance: 0, imports: [["__spear_meter", { items: [] }]] }] },
	"an import name": { steps: [{ module: 0, instance: 0, imports: [["m", { items: [["__spear_meter", PLAIN]] }]] }] },
	"an imported item under another name": { steps: [{ module: 0, instance: 0, imports: [["m", { items: [["x", COUNTER]] }]] }] },
	"an export": { exports: { run: lifted({ core: COUNTER }) } },
	"the memory of an export": { exports: { run: lifted({ options: { memory: COUNTER } }) } },
	"the realloc of an import": {
		trampolines: [{ kind: "lower-import", instance: 0, interface: "a:b/c", function: "f", options: { realloc: COUNTER } }],
	},
	"a call between components": { trampolines: [{ kind: "lower-lifted", instance: 0, callee: lifted({ core: COUNTER }), options: {} }] },
	"a destructor": { resources: [{ instance: 0, destructor: COUNTER }] },
};

for (const [what, change] of Object.entries(USES)) {
	test(`a plan that names the counter as ${what} is refused`, () => {
		assert.throws(() => refuseReservedNames("x", plan(change)), REFUSAL);
	});
}

test("a plan without the reserved name passes", () => {
	refuseReservedNames(
		"x",
		plan({ exports: { run: lifted({}) }, steps: [{ module: 0, instance: 0, imports: [["m", { items: [["a", PLAIN]] }]] }] }),
	);
});

/** A component whose second core module asks for the counter of the first. With the counter, the first would run for ever. */
const thief = (name: string, instantiate: string): string => `(component
	(core module $m (memory (export "memory") 1)
		(func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
		(func (export "run") (param i32 i32) (result i32) (loop (br 0)) (i32.const 0)))
	(core instance $i (instantiate $m))
	(core module $thief (import "m" "${name}" (global (mut i32))) (func (export "start") (global.set 0 (i32.const 2147483647))))
	(core instance (instantiate $thief (with "m" (instance ${instantiate}))))
	${RUN})`;

for (const [what, text] of [
	["under another name", thief("counter", '(export "counter" (global $i "__spear_meter"))')],
	["by its name", thief("__spear_meter", '(export "__spear_meter" (global $i "__spear_meter"))')],
	["with all exports", thief("__spear_meter", "$i")],
] as const) {
	test(`a component that passes the counter of a core module to another ${what} is refused`, async () => {
		const error = await loadComponent(await assemble(text)).catch((thrown: unknown) => thrown);
		assert.instance(error, SpearError);
		assert.match(error instanceof SpearError ? error.message : "", "__spear_meter");
	});
}

test.run();
