/**
 * The reader against the official parser, on every WIT package that lies in `node_modules` and on `wit/`: each world is
 * resolved by both, and all that it reaches is compared, item by item.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Model, World } from "../../../codegen/model/model.ts";
import { readWit } from "../../../codegen/wit/read.ts";
import { type CorpusPackage, layOutCorpus } from "../../helpers/wit-corpus.ts";
import { describeWorld, findWorld } from "../../helpers/wit-describe.ts";
import { askOracle, type OracleAnswer } from "../../helpers/wit-oracle.ts";
import { printInterface } from "../../helpers/wit-print.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Worlds the official parser is known not to read, by `origin world`, and why. None at present. */
const EXPECTED_REFUSALS: ReadonlyMap<string, string> = new Map();

interface Comparison {
	readonly origin: string;
	readonly world: string;
	readonly facts: number;
	readonly lines: number;
}

const test = suite("wit reader against the official parser");

test("reads every shipped package as the official parser does", async () => {
	const corpus = await layOutCorpus(root);
	try {
		assert.equal(corpus.skipped, [], "every file is part of a package that is compared");
		const jobs = corpus.packages.flatMap((each) => each.worlds.map((world) => ({ package: each, world })));
		const answers = await askOracle(jobs.map((job) => ({ path: job.package.directory, world: job.world })));
		const compared: Comparison[] = [];
		const refused: string[] = [];
		for (const [index, job] of jobs.entries()) {
			const answer = answers[index];
			const name = `${job.package.origin} ${job.world}`;
			assert.ok(answer, `no answer for ${name}`);
			if (answer.kind === "accepted") {
				compared.push(await compare(job.package, job.world, answer));
			} else {
				assert.is(EXPECTED_REFUSALS.has(name), true, `the official parser did not read ${name}: ${answer.message}`);
				refused.push(name);
			}
		}
		print(corpus.packages, compared, refused);
		assert.equal(refused, [...EXPECTED_REFUSALS.keys()]);
		assert.ok(corpus.packages.length >= 22, "the shipped packages are still found");
		assert.is(compared.length + refused.length, jobs.length);
	} finally {
		await corpus.dispose();
	}
});

test("keeps and hides unstable items as the official parser does", async () => {
	const corpus = await layOutCorpus(root);
	try {
		const jobs = corpus.packages.filter((each) => each.isGated).flatMap((each) => each.worlds.map((world) => ({ package: each, world })));
		const answers = await askOracle(jobs.map((job) => ({ path: job.package.directory, world: job.world, features: [] })));
		let accepted = 0;
		for (const [index, { package: from, world }] of jobs.entries()) {
			const answer = answers[index];
			const { model } = await readWit(from.directory);
			const name = `${from.origin} ${world} without features`;
			if (answer?.kind === "accepted") {
				assert.ok(model, name);
				const theirs = findWorld(await readFiles(answer.files, name), world);
				assert.equal(differences(describeWorld(findWorld(model, world)), describeWorld(theirs)), [], name);
				accepted++;
			} else {
				assert.is(model, undefined, `${name}: ${answer?.kind === "refused" ? answer.message : answer?.kind}`);
			}
		}
		console.log(`without features: ${jobs.length} worlds, ${accepted} accepted and equal, the others refused by both`);
		assert.ok(jobs.length > 0);
	} finally {
		await corpus.dispose();
	}
});

async function compare(from: CorpusPackage, world: string, answer: OracleAnswer & { kind: "accepted" }): Promise<Comparison> {
	const name = `${from.origin} ${world}`;
	const ours = worldOf(await readModel(from.directory, name), world);
	const theirs = worldOf(await readFiles(answer.files, name), world);
	const facts = describeWorld(ours);
	assert.equal(differences(facts, describeWorld(theirs)), [], name);

	// A fault in our reader that hits both texts alike would not show above: this side is not read by it at all.
	const printed = declarationLines(reachedInterfaces(ours).flatMap(printInterface));
	const official = declarationLines(answer.files.flatMap(([, text]) => withoutWorlds(text).split("\n")));
	assert.equal(differences(printed, official), [], `${name}, line by line`);
	assert.ok(printed.length > 0 && facts.length > 0, `${name} compares something`);
	return { origin: from.origin, world, facts: facts.length, lines: printed.length };
}

/** What is on one side only, counted: a short message when two thousand lines are compared. */
function differences(ours: readonly string[], theirs: readonly string[]): string[] {
	const counts = new Map<string, number>();
	for (const each of ours) {
		counts.set(each, (counts.get(each) ?? 0) + 1);
	}
	for (const each of theirs) {
		counts.set(each, (counts.get(each) ?? 0) - 1);
	}
	return [...counts].flatMap(([each, count]) => (count === 0 ? [] : `${count > 0 ? "only ours" : "only theirs"}: ${each}`));
}

async function readFiles(files: readonly (readonly [string, string])[], name: string): Promise<Model> {
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

function print(packages: readonly CorpusPackage[], compared: readonly Comparison[], refused: readonly string[]): void {
	for (const each of packages) {
		const worlds = compared.filter((comparison) => comparison.origin === each.origin);
		const list = worlds.map((world) => `${world.world} ${world.facts} facts, ${world.lines} lines`).join("; ");
		console.log(`${each.origin}: ${each.files} files; ${list}`);
		if (each.missing.length > 0) {
			console.log(`  not shipped anywhere: ${each.missing.join(", ")}`);
		}
	}
	const facts = compared.reduce((sum, each) => sum + each.facts, 0);
	const lines = compared.reduce((sum, each) => sum + each.lines, 0);
	console.log(`compared: ${packages.length} packages, ${compared.length} worlds, ${facts} facts, ${lines} lines`);
	console.log(`refused by the official parser: ${refused.length === 0 ? "none" : refused.join(", ")}`);
}

test.run();
