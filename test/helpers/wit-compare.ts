/** Comparison of this reader with the official parser: a world, item by item and line by line. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import type { Model, World } from "../../codegen/model/model.ts";
import { readWit } from "../../codegen/wit/read.ts";
import { describeWorld, findWorld } from "./wit-describe.ts";
import type { OracleAnswer } from "./wit-oracle.ts";
import { printInterface } from "./wit-print.ts";

/** Size of what was compared. */
export interface Comparison {
	readonly facts: number;
	readonly lines: number;
}

/**
 * Compares a world of the package in a directory with what the official parser read.
 *
 * @param name of the package and world, for messages
 * @throws Error that shows all differences
 */
export async function compareWorld(
	directory: string,
	world: string,
	answer: OracleAnswer & { kind: "accepted" },
	name: string,
): Promise<Comparison> {
	const ours = worldOf(await readModel(directory, name), world);
	const theirs = worldOf(await readFiles(answer.files, name), world);
	const facts = describeWorld(ours);
	assert.equal(differences(facts, describeWorld(theirs)), [], name);

	assert.ok(facts.length > 0, `${name} compares something`);

	// The model has the type that a scope uses, and not by which of two names an item means it.
	const interfaces = reachedInterfaces(ours);
	if (interfaces.some(({ uses }) => new Set(uses.map(({ target }) => target)).size < uses.length)) return { facts: facts.length, lines: 0 };

	// A fault in our reader that hits both texts alike would not show above: this side is not read by it at all.
	const printed = declarationLines(interfaces.flatMap(printInterface));
	const official = declarationLines(answer.files.flatMap(([, text]) => withoutWorlds(text).split("\n")));
	assert.equal(differences(printed, official), [], `${name}, line by line`);
	assert.ok(printed.length > 0, `${name} compares lines`);
	return { facts: facts.length, lines: printed.length };
}

/** Returns what is on one side only, counted: a short message when two thousand lines are compared. */
export function differences(ours: readonly string[], theirs: readonly string[]): string[] {
	const counts = new Map<string, number>();
	for (const each of ours) {
		counts.set(each, (counts.get(each) ?? 0) + 1);
	}
	for (const each of theirs) {
		counts.set(each, (counts.get(each) ?? 0) - 1);
	}
	return [...counts].flatMap(([each, count]) => (count === 0 ? [] : `${count > 0 ? "only ours" : "only theirs"}: ${each}`));
}

export async function readFiles(files: readonly (readonly [string, string])[], name: string): Promise<Model> {
	const directory = await mkdtemp(join(tmpdir(), "wit-oracle-"));
	try {
		for (const [path, text] of files) {
			await mkdir(dirname(join(directory, path)), { recursive: true });
			await writeFile(join(directory, path), text);
		}
		return await readModel(directory, `the oracle's text of ${name}`);
	} finally {
		await rm(directory, { recursive: true, force: true });
	}
}

async function readModel(directory: string, name: string): Promise<Model> {
	const { model, diagnostics } = await readWit(directory, { features: "all" });
	assert.ok(model, `${name}: ${diagnostics.map((each) => each.message).join("; ")}`);
	return model;
}

function worldOf(model: Model, name: string): World {
	return findWorld(model, name);
}

function reachedInterfaces(world: World) {
	const items = [...world.imports, ...world.exports].filter((item) => item.kind === "interface" && item.name === undefined);
	return [...new Set(items.flatMap((item) => (item.kind === "interface" ? item.interface : [])))];
}

/** Lines that declare something, sorted. Paths of `use` depend on where the text stands; what is used does not. */
function declarationLines(lines: readonly string[]): string[] {
	return (
		lines
			// Which names need a `%` is a matter of taste: the official printer escapes former keywords too.
			.map((line) => line.trim().replace(/%/g, ""))
			.filter((line) => line !== "" && line !== "}" && !line.startsWith("package "))
			.flatMap((line) => (line.startsWith("use ") ? usedNames(line) : line))
			.sort()
	);
}

function usedNames(line: string): string[] {
	return (/\{(.*)\}/.exec(line)?.[1] ?? "").split(", ").map((name) => `use ${name}`);
}

function withoutWorlds(text: string): string {
	return text.replace(/^world .*?^\}/gms, "");
}
