/**
 * `npm run check:foreign`: public packages of WIT by different owners, as strangers would use `spear-codegen` on them. The packages come from
 * crates and npm packages, with pinned versions and hashes; cargo downloads what it does not have. For each package
 *
 * 1. `spear-codegen` generates all of its targets,
 * 2. all TypeScript compiles under strict `tsc`, without `skipLibCheck`,
 * 3. each validator finds what ajv finds by the generated JSON Schemas, on random values,
 * 4. each world, and two that import and export every interface, is the same for this reader and for the official parser,
 * 5. the guest that there is for some packages runs against the generated bindings as by the official tool.
 *
 *     npm run check:foreign -- zed fastly     only packages of these owners
 *
 * Prints a line for each package. Exits 1 for a fault. A package that cannot be had, because there is no network or no cargo, is skipped.
 */
import "./require-node.ts";
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { GENERAL_TARGETS } from "../codegen/emit/targets.ts";
import { functionsOf } from "../codegen/model/units/unit.ts";
import { readWit } from "../codegen/wit/read.ts";
import { packageKey } from "../codegen/wit/units.ts";
import { judgeValidators } from "../test/helpers/judge-validators.ts";
import { compareWorld } from "../test/helpers/wit-compare.ts";
import { addWorlds } from "../test/helpers/wit-corpus.ts";
import { askOracle } from "../test/helpers/wit-oracle.ts";
import { compileAll } from "./foreign-packages/compile.ts";
import { FOREIGN_GUESTS, runGuest } from "./foreign-packages/guests.ts";
import { layOutPackage, ownTexts } from "./foreign-packages/lay-out.ts";
import { FOREIGN_PACKAGES, type ForeignPackage } from "./foreign-packages/packages.ts";
import { sourceFolder, Unavailable } from "./foreign-packages/sources.ts";

/** Random values for each validator. */
const VALUES = 8;

/** Findings and differences that a line shows at most. */
const MAX_LENGTH = 300;

/** A package that was had, and its findings. */
interface Checked {
	readonly from: ForeignPackage;
	/** Folder of its WIT. */
	readonly wit: string;
	/** Folder of its output. */
	readonly out: string;
	readonly faults: string[];
	/** Parts of its line, by column. */
	readonly line: Map<Column, string>;
}

/** Columns of a line, and their widths. */
const COLUMNS = [
	["package", 26],
	["size", 26],
	["reached", 27],
	["time", 8],
	["reading", 34],
	["validators", 14],
	["guest", 10],
] as const;

type Column = (typeof COLUMNS)[number][0];

const work = mkdtempSync(join(tmpdir(), "spear-foreign-"));
try {
	process.exitCode = await main(process.argv.slice(2));
} finally {
	rmSync(work, { recursive: true, force: true });
}

async function main(owners: readonly string[]): Promise<number> {
	const chosen = FOREIGN_PACKAGES.filter(({ owner }) => owners.length === 0 || owners.includes(owner));
	const packages: Checked[] = [];
	let skipped = 0;
	for (const [index, from] of chosen.entries()) {
		try {
			const wit = join(work, "wit", String(index));
			layOutPackage(from, await sourceFolder(from), wit);
			packages.push({ from, wit, out: join(work, "out", String(index)), faults: [], line: new Map() });
		} catch (error) {
			if (!(error instanceof Unavailable)) throw error;
			skipped += 1;
			console.log(`${from.owner.padEnd(10)} skipped: ${error.message}`);
		}
	}
	const calls = packages.length === 0 ? 0 : await check(packages);
	for (const { from, faults, line } of packages) {
		const parts = COLUMNS.map(([column, width]) => (line.get(column) ?? "").padEnd(width));
		const result = faults.length === 0 ? "ok" : `FAILS ${faults.join("; ").slice(0, MAX_LENGTH)}`;
		console.log([from.owner.padEnd(10), ...parts, result].join("  "));
	}
	const faulty = packages.filter(({ faults }) => faults.length > 0).length;
	const count = new Set(packages.map(({ from }) => from.owner)).size;
	console.log(
		`${packages.length} packages of ${count} owners, ${faulty} with faults, ${skipped} skipped; ${calls} calls of guests answered`,
	);
	return faulty === 0 ? 0 : 1;
}

/** Returns the number of calls that guests have answered. */
async function check(packages: readonly Checked[]): Promise<number> {
	await Promise.all([generateAll(packages), compareReaders(packages)]);
	const [calls] = await Promise.all([runGuests(packages), compile(packages), judgeAll(packages)]);
	return calls;
}

async function generateAll(packages: readonly Checked[]): Promise<void> {
	for (const each of packages) {
		await measure(each);
		await generate(each);
	}
}

async function measure({ wit, faults, line }: Checked): Promise<void> {
	const { model } = await readWit(wit);
	if (model === undefined) {
		faults.push("the reader refuses the package");
		return;
	}
	const { id, interfaces, worlds } = model.main;
	const items = worlds.flatMap(({ imports, exports }) => [...imports, ...exports]);
	const reached = new Set([...interfaces, ...items.flatMap((item) => (item.kind === "interface" ? item.interface : []))]);
	line.set("package", packageKey(id));
	line.set("size", `${interfaces.length} interfaces, ${worlds.length} worlds`);
	line.set("reached", `${reached.size} reached, ${[...reached].flatMap(functionsOf).length} functions`);
}

/** Runs `spear-codegen` with all targets. */
async function generate({ wit, out, faults, line }: Checked): Promise<void> {
	const targets = Object.keys(GENERAL_TARGETS).join(",");
	const started = performance.now();
	const { code, output } = await run("codegen/spear-codegen.ts", wit, "--out", out, "--target", targets, "--no-cache");
	line.set("time", `${(performance.now() - started).toFixed(0)} ms`);
	if (code !== 0) faults.push(`spear-codegen ends with ${code}: ${/^.*error.*$/m.exec(output)?.[0] ?? output}`);
}

function run(...args: string[]): Promise<{ code: number; output: string }> {
	const { promise, resolve: settle, reject } = Promise.withResolvers<{ code: number; output: string }>();
	execFile(process.execPath, args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
		const code = error === null ? 0 : error.code;
		if (typeof code === "number") settle({ code, output: stdout + stderr });
		else reject(error);
	});
	return promise;
}

async function compile(packages: readonly Checked[]): Promise<void> {
	const folder = join(work, "out");
	const unknown: string[] = [];
	for (const line of await compileAll(folder)) {
		const owner = packages.find(({ out }) => resolve(folder, line).startsWith(`${out}/`) || line.includes(`${out}/`));
		(owner?.faults ?? unknown).push(line);
	}
	if (unknown.length > 0) throw new Error(`tsc: ${unknown.join("\n").slice(0, 2000)}`);
}

/** Compares this reader with the official parser, in copies that have worlds with every interface. */
async function compareReaders(packages: readonly Checked[]): Promise<void> {
	const jobs: { readonly of: Checked; readonly path: string; readonly world: string }[] = [];
	for (const each of packages) {
		const path = `${each.wit}-worlds`;
		cpSync(each.wit, path, { recursive: true });
		const worlds = await addWorlds(path, ownTexts(each.wit));
		jobs.push(...worlds.map((world) => ({ of: each, path, world })));
	}
	const facts = new Map<Checked, number[]>(packages.map((each) => [each, []]));
	const answers = await askOracle(jobs.map(({ path, world }) => ({ path, world })));
	for (const [index, { of, path, world }] of jobs.entries()) {
		const answer = answers[index];
		try {
			if (answer?.kind !== "accepted") throw new Error(`the official parser: ${answer?.message}`);
			facts.get(of)?.push((await compareWorld(path, world, answer, world)).facts);
		} catch (error) {
			of.faults.push(`${world}: ${error instanceof Error ? error.message : error}`);
		}
	}
	for (const [{ line }, counts] of facts)
		line.set("reading", `${counts.length} worlds with ${counts.reduce((sum, count) => sum + count, 0)} equal facts`);
}

async function judgeAll(packages: readonly Checked[]): Promise<void> {
	for (const each of packages) await judge(each);
}

async function judge({ out, faults, line }: Checked): Promise<void> {
	const folder = join(out, "schema");
	const names = existsSync(folder) ? readdirSync(folder) : [];
	const texts = new Map(names.map((name) => [name.slice(0, -".schema.json".length), readFileSync(join(folder, name), "utf8")]));
	const load = (module: string) => import(pathToFileURL(join(out, `ir/validate/${module}.js`)).href);
	try {
		const { validators } = await judgeValidators(texts, load, VALUES);
		line.set("validators", `${validators} validators`);
	} catch (error) {
		faults.push(`validators: ${error instanceof Error ? error.message : error}`);
	}
}

/** Returns the number of calls that were answered. */
async function runGuests(packages: readonly Checked[]): Promise<number> {
	let calls = 0;
	for (const guest of FOREIGN_GUESTS) {
		const owner = packages.find(({ from }) => from.owner === guest.owner);
		if (owner === undefined) continue;
		try {
			calls += await runGuest(guest, owner.wit);
			owner.line.set("guest", "guest runs");
		} catch (error) {
			owner.faults.push(`guest: ${error instanceof Error ? error.message : error}`);
		}
	}
	return calls;
}
