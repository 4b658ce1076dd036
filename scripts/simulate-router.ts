/**
 * `npm run simulate`: puts the router into situations that take too long for a test. The real router sends requests to modelled upstreams in
 * virtual time, with seeded random numbers: equal seeds give equal numbers on every machine.
 */
import "./require-node.ts";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import process from "node:process";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { MarkerError, replacePart } from "./marked-part.ts";
import { asSvg } from "./simulation/picture.ts";
import { allHold, type Played } from "./simulation/played.ts";
import { asData, asMarkdown, asText } from "./simulation/report.ts";
import { SUITES, type Suite } from "./simulation/suite.ts";

const SEED = 1;
const SCENARIOS = SUITES.flatMap(({ scenarios, isLarge }) => scenarios.map((scenario) => ({ ...scenario, isLarge })));

interface Options {
	readonly scenario?: readonly string[];
	readonly seed: number;
	readonly json?: true;
	readonly svg?: string;
	readonly large?: true;
	readonly write?: true;
	readonly check?: true;
}

/** Outputs of a command line. */
export interface SimulateContext {
	readonly stdout: (text: string) => void;
	readonly stderr: (text: string) => void;
	/** Called with the name of the scenario that starts, and with the time it took. */
	readonly progress?: (text: string) => void;
}

/** The pages and pictures, relative to the repository. */
const PAGES = [...new Set(SUITES.flatMap(({ page, picture }) => [page, picture]))]
	.map((path) => relative(resolve(import.meta.dirname, ".."), path))
	.join(", ");

const NOTES = `
Scenarios:
${SCENARIOS.map(({ name, title, isLarge }) => `  ${name.padEnd(20)}${title}${isLarge ? " (--large)" : ""}`).join("\n")}

Exit codes: 0 every check holds, 1 a check fails, 2 wrong arguments.`;

function program(): Command {
	return new Command("simulate")
		.description("Simulate the router, and many hosts, in difficult situations, in virtual time, and check their behaviour.")
		.addOption(
			new Option("--scenario <name>", "run only this one; may be repeated")
				.choices(SCENARIOS.map(({ name }) => name))
				.argParser((name: string, before: readonly string[] = []) => [...before, known(name)]),
		)
		.option("--seed <n>", "seed of the random numbers", wholeNumber, SEED)
		.option("--json", "print one JSON object")
		.option("--svg <file>", "write the picture to a file")
		.addOption(new Option("--large", "run the scenarios that take minutes too").conflicts("scenario"))
		.addOption(new Option("--write", `update the results in ${PAGES}`).conflicts(["scenario", "seed", "check"]))
		.addOption(new Option("--check", "fail if these differ from the results of this run").conflicts(["scenario", "seed"]))
		.exitOverride()
		.allowExcessArguments(false)
		.showHelpAfterError("(--help lists the options)")
		.addHelpText("after", NOTES);
}

interface PlayedSuite {
	readonly suite: Suite;
	readonly played: readonly Played[];
}

async function simulate(options: Options, { stdout, stderr, progress = () => {} }: SimulateContext): Promise<boolean> {
	const { scenario, seed, json, svg, large, write, check } = options;
	const suites: PlayedSuite[] = [];
	for (const suite of SUITES) {
		const played: Played[] = [];
		for (const each of suite.scenarios) {
			if (scenario === undefined ? suite.isLarge && !large : !scenario.includes(each.name)) continue;
			const started = performance.now();
			progress(`${each.name} … `);
			played.push({ scenario: each, result: await each.play(seed) });
			progress(`${((performance.now() - started) / 1_000).toFixed(1)} s\n`);
		}
		if (played.length > 0) suites.push({ suite, played });
	}
	const played = suites.flatMap((each) => each.played);
	stdout(`${json ? JSON.stringify(asData(seed, played), undefined, "\t") : asText(played)}\n`);
	if (svg !== undefined) writeFileSync(svg, asSvg(played, "Behaviour in simulated situations"));
	if (write) for (const [path, content] of documents(suites)) writeFileSync(path, content);
	return (check ? upToDate(suites, stderr) : true) && allHold(played);
}

/** The documents with the results of this run, by their paths. */
function documents(suites: readonly PlayedSuite[]): ReadonlyMap<string, string> {
	const contents = new Map<string, string>();
	for (const { suite, played } of suites) {
		const { page, part, parts, picture, label, isLarge } = suite;
		const command = isLarge ? "npm run simulate -- --write --large" : "npm run simulate -- --write";
		const withParts = [...parts, { name: part, content: () => asMarkdown(played) }].reduce(
			(document, { name, content }) => replacePart(document, { name, command }, content()),
			contents.get(page) ?? readFileSync(page, "utf8"),
		);
		contents.set(page, withParts);
		contents.set(picture, asSvg(played, label));
	}
	return contents;
}

function upToDate(suites: readonly PlayedSuite[], stderr: (text: string) => void): boolean {
	const stale = [...documents(suites)].filter(([path, content]) => !existsSync(path) || readFileSync(path, "utf8") !== content);
	for (const [path] of stale) stderr(`${path} differs from the results of this run; npm run simulate -- --write updates it\n`);
	return stale.length === 0;
}

function known(name: string): string {
	if (SCENARIOS.some((scenario) => scenario.name === name)) return name;
	throw new InvalidArgumentError(`Scenarios are ${SCENARIOS.map((scenario) => scenario.name).join(", ")}.`);
}

function wholeNumber(text: string): number {
	if (/^\d{1,9}$/.test(text)) return Number(text);
	throw new InvalidArgumentError("The seed is a whole number of at most 9 digits.");
}

/** Runs one command line, without `node` and the script, and resolves to the exit code. */
export async function runSimulate(args: readonly string[], context: SimulateContext): Promise<number> {
	const command = program().configureOutput({ writeOut: context.stdout, writeErr: context.stderr });
	try {
		command.parse([...args], { from: "user" });
		return (await simulate(command.opts<Options>(), context)) ? 0 : 1;
	} catch (thrown) {
		if (thrown instanceof MarkerError) {
			context.stderr(`${thrown.message}\n`);
			return 1;
		}
		if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
		throw thrown;
	}
}

if (import.meta.main) {
	const stderr = (text: string): void => void process.stderr.write(text);
	process.exitCode = await runSimulate(process.argv.slice(2), {
		stdout: (text) => void process.stdout.write(text),
		stderr,
		...(process.stderr.isTTY ? { progress: stderr } : {}),
	});
}
