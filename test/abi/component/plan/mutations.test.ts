/** Random changes of valid components: each is refused by name or planned, within a second. */
import { performance } from "node:perf_hooks";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { planComponent } from "../../../../src/abi/component/plan/plan-component.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { assemble } from "../../../helpers/guest.ts";
import { EXITS, joinedBy, WAITS, writesLines } from "../../../helpers/guest-components.ts";

/** Longest time of a plan, in milliseconds. */
const MAX_MS = 1000;

const NESTED = `(component
	(component $c (type $r (resource (rep i32))) (export $e "r" (type $r))
		(core module $m (func (export "f") (param i32))) (core instance $m (instantiate $m))
		(func (export "f") (param "x" (borrow $e)) (canon lift (core func $m "f"))))
	(instance $i (instantiate $c)) (instance $j (instantiate $c))
	(alias export $i "f" (func $f)) (core func (canon lower (func $f)))
	(type (component (import "x" (func)) (type $t (record (field "a" (list string)))) (export "t" (type (eq $t)))))
	(export "a:b/c" (instance $i)))`;

function isPlannedOrRefused(bytes: Uint8Array): boolean {
	const before = performance.now();
	try {
		const { plan } = planComponent(bytes);
		JSON.stringify(plan);
	} catch (error) {
		if (!(error instanceof SpearError) || error.code !== "invalid_request") throw error;
	}
	return performance.now() - before < MAX_MS;
}

test("a component with random bytes changed, removed or repeated is planned or refused by name", async () => {
	const components = await Promise.all([EXITS, WAITS, writesLines(1), joinedBy("x"), NESTED].map(assemble));
	const change = fc.record({
		kind: fc.constantFrom("set", "remove", "repeat"),
		at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
		value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x40, 0x7f, 0x80, 0xff)),
		length: fc.integer({ min: 1, max: 12 }),
	});
	fc.assert(
		fc.property(fc.nat(components.length - 1), fc.array(change, { minLength: 1, maxLength: 6 }), (index, changes) => {
			let bytes: Uint8Array = Uint8Array.from(components[index] ?? []);
			for (const { kind, at, value, length } of changes) {
				const place = 8 + Math.floor(at * (bytes.length - 8));
				if (kind === "set") bytes[place] = value;
				else {
					const end = kind === "remove" ? place + length : place;
					const again = kind === "remove" ? place : place + length;
					bytes = Uint8Array.from([...bytes.subarray(0, again), ...bytes.subarray(end)]);
				}
			}
			assert.ok(isPlannedOrRefused(bytes));
		}),
		{ numRuns: Number(process.env.SPEAR_MUTATIONS ?? 1000) },
	);
});

test("a component with any one byte changed is planned or refused by name", async () => {
	for (const bytes of await Promise.all([EXITS, NESTED].map(assemble)))
		for (let at = 0; at < bytes.length; at += 1)
			for (const flip of [0x01, 0x40, 0x80, 0xff]) {
				const changed = bytes.slice();
				changed[at] = (changed[at] ?? 0) ^ flip;
				assert.ok(isPlannedOrRefused(changed));
			}
});

test.run();
