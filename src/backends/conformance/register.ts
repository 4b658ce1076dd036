import type { ConformanceCase } from "./case.ts";

/** Function that registers a test: `test` of `node:test`, of uvu, of Vitest, `Deno.test`, … */
export type Test = (name: string, run: () => Promise<void>) => unknown;

/**
 * Registers each case as a test of its own.
 *
 * ```ts
 * import test from "node:test";
 * import { conformanceCases, registerCases } from "spear-hostcall/backend/conformance";
 * import { fixture } from "./fixture.ts";
 *
 * registerCases(test, conformanceCases(fixture));
 * ```
 */
export function registerCases(test: Test, cases: readonly ConformanceCase[]): void {
	for (const { name, run } of cases) test(name, run);
}
