/** Plans of guests that the compilers of guests make, against the transpiler's reading of the same bytes. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inspectComponent } from "../../../../src/abi/component/binary/inspect.ts";
import { transpileComponent } from "../../../../src/abi/component/jco/transpile.ts";
import { planComponent } from "../../../../src/abi/component/plan/plan-component.ts";
import { buildTestGuest } from "../../../helpers/guest.ts";

function digest(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}

const SOURCE = "export function run(input: string): string { return input; }";

for (const engine of ["quickjs", "starlingmonkey"] as const)
	test(`a guest of ${engine} has the core modules that the transpiler finds in it, and the same imports and exports`, async () => {
		const { component } = await buildTestGuest(SOURCE, { engine });
		const bytes = readFileSync(component);
		const { plan, modules } = planComponent(bytes);
		const { files } = await transpileComponent(bytes, { asyncImports: [] });
		const transpiled = new Set([...files].filter(([name]) => name.endsWith(".wasm")).map(([, content]) => digest(content)));
		for (const module of modules) assert.ok(transpiled.delete(digest(module)), "the transpiler has the same module");
		// The transpiler makes a module of its own for calls between component instances.
		assert.is(transpiled.size, plan.trampolines.some(({ kind }) => kind === "lower-lifted") ? 1 : 0);
		const { imports, exports } = inspectComponent(bytes);
		assert.equal(
			plan.imports.map(({ name, functions, resources }) => ({ name, functions: Object.keys(functions), resources })),
			imports,
		);
		assert.equal(Object.keys(plan.exports), exports);
		assert.equal(JSON.parse(JSON.stringify(plan)), plan);
	});

test.run();
