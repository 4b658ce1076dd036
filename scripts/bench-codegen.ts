/**
 * `npm run bench:codegen`: the time of whole processes of the generator, beside jco's generation of types from the same WIT, in one run and
 * in turns. Then the time of reading alone, in one process, beside the official parser.
 *
 * Times are the lower quartile over rounds, in ms. Compare them with each other, and not with those of another run.
 *
 *     npm run bench:codegen -- [rounds]
 */
import "./require-node.ts";
import process from "node:process";
import { inTurns } from "./codegen-bench/in-turns.ts";
import { BenchProject } from "./codegen-bench/project.ts";
import { readingFigures } from "./codegen-bench/reading.ts";

const [rounds = 9] = process.argv.slice(2).map(Number);

const project = BenchProject.create();
try {
	console.log(`lower quartile of ${rounds} rounds, whole processes\n`);
	const acts = [
		{ name: "nothing to do", goal: "<= 150", prepare: () => {}, act: () => project.codegen() },
		{ name: "one family edited", goal: "<= 500", prepare: () => project.edit(), act: () => project.codegen() },
		{ name: "cold: no output, no cache", goal: "<= 1200", prepare: () => project.clear(), act: () => project.codegen() },
		{ name: "jco: types of one world", goal: "", prepare: () => {}, act: () => project.jcoTypes() },
		{ name: "Node, an empty program", goal: "", prepare: () => {}, act: () => project.emptyProgram() },
	];
	project.codegen();
	for (const [index, ms] of inTurns(acts, rounds).entries()) print(acts[index]?.name ?? "", ms, "ms", acts[index]?.goal ?? "");
	console.log("\nreading alone, in one process\n");
	for (const { name, value, unit, goal } of await readingFigures(rounds)) print(name, value, unit, goal);
} finally {
	project.remove();
}

function print(name: string, value: number, unit: string, goal: string): void {
	console.log(`${name.padEnd(54)} ${value.toFixed(unit === "ms" ? 0 : 2).padStart(8)} ${unit.padEnd(3)} ${goal}`);
}
