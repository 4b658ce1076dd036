/**
 * The reader against the official parser, on every WIT package that lies in `node_modules` and on `wit/`: each world is
 * resolved by both, and all that it reaches is compared, item by item.
 */
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readWit } from "../../../codegen/wit/read.ts";
import { type Comparison, compareWorld, differences, readFiles } from "../../helpers/wit-compare.ts";
import { type CorpusPackage, layOutCorpus } from "../../helpers/wit-corpus.ts";
import { describeWorld, findWorld } from "../../helpers/wit-describe.ts";
import { askOracle } from "../../helpers/wit-oracle.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Worlds the official parser is known not to read, by `origin world`, and why. None at present. */
const EXPECTED_REFUSALS: ReadonlyMap<string, string> = new Map();

interface WorldComparison extends Comparison {
	readonly origin: string;
	readonly world: string;
}

const test = suite("wit reader against the official parser");

test("reads every shipped package as the official parser does", async () => {
	const corpus = await layOutCorpus(root);
	try {
		assert.equal(corpus.skipped, [], "every file is part of a package that is compared");
		const jobs = corpus.packages.flatMap((each) => each.worlds.map((world) => ({ package: each, world })));
		const answers = await askOracle(jobs.map((job) => ({ path: job.package.directory, world: job.world })));
		const compared: WorldComparison[] = [];
		const refused: string[] = [];
		for (const [index, job] of jobs.entries()) {
			const answer = answers[index];
			const name = `${job.package.origin} ${job.world}`;
			assert.ok(answer, `no answer for ${name}`);
			if (answer.kind === "accepted") {
				const { origin, directory } = job.package;
				compared.push({ origin, world: job.world, ...(await compareWorld(directory, job.world, answer, name)) });
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

function print(packages: readonly CorpusPackage[], compared: readonly WorldComparison[], refused: readonly string[]): void {
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
