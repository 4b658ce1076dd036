import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareEngines } from "../../helpers/differential/compare.ts";
import { isFullRun } from "../../helpers/full-run.ts";

/** Cases in CI, and in a short run. `SPEAR_DIFFERENTIAL_CASES` sets another number, `SPEAR_DIFFERENTIAL_SEED` another seed. */
const CASES = Number(process.env.SPEAR_DIFFERENTIAL_CASES ?? (isFullRun ? 20_000 : 4_000));
const SEED = Number(process.env.SPEAR_DIFFERENTIAL_SEED ?? 400);
const FUNCTIONS = 10;
/** Calls of each function. Compiling a component for the other engine takes as long as some hundred calls. */
const CALLS = CASES > 100_000 ? 1_000 : 200;

test(`random functions of seed ${SEED} pass random values as the canonical ABI says, and as jco does`, async () => {
	const components = Math.ceil(CASES / FUNCTIONS / CALLS);
	const { cases, differences } = await compareEngines({ seed: SEED, components, functions: FUNCTIONS, calls: CALLS });
	assert.is(cases, components * FUNCTIONS * CALLS);
	const ours = differences.filter(({ engine }) => engine === "direct");
	assert.equal(ours.slice(0, 3), []);
	const unknown = differences.filter(({ isKnown }) => !isKnown);
	for (const { what, function: where } of unknown.slice(0, 10)) console.log(`jco: ${where}: ${what}`);
	console.log(
		`${cases} cases of seed ${SEED}: no difference; jco has ${differences.length}, of which ${unknown.length} are not known ones`,
	);
	// Other seeds may find further faults of jco.
	if (process.env.SPEAR_DIFFERENTIAL_SEED === undefined) assert.is(unknown.length, 0);
});

test.run();
