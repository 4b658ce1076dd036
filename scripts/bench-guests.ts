/**
 * `npm run bench:guests`: many guests in one process, and guests that never end. Prints goals and figures.
 *
 * The longest block of the event loop is printed by the clock, and as CPU time of the thread, which does not depend on other processes.
 *
 *     npm run bench:guests                  1,000 guests that wait, 100 that spin, 20 that allocate
 *     npm run bench:guests -- 400           another number of guests, at least 400
 *     npm run bench:guests -- endless       each way to never end, stopped in each way
 *
 * V8 collects less often while guests start with `node --external-memory-accounted-in-global-limit scripts/bench-guests.ts`. The price is in
 * `src/abi/README.md`.
 */
import "./require-node.ts";
import process from "node:process";
import { endless } from "./guests-bench/endless.ts";
import { many } from "./guests-bench/many.ts";
import { printTable } from "./guests-bench/table.ts";

/** Smallest number of guests. 100 spin and 100 are measured. With 200 in all, none would be left that waits meanwhile. */
const MIN_GUESTS = 400;

const [what = "1000"] = process.argv.slice(2);
if (what === "endless") printTable(await endless());
else if (Number(what) >= MIN_GUESTS) printTable(await many(Number(what)));
else {
	console.error(`bench:guests: give \`endless\`, or a number of guests of at least ${MIN_GUESTS}`);
	process.exitCode = 2;
}
