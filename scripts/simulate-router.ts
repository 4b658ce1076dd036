/**
 * `npm run simulate`: puts the router into situations that take too long for a test. The real router sends requests to modelled upstreams in
 * virtual time, with seeded random numbers: equal seeds give equal numbers on every machine.
 */
import "./require-node.ts";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { MarkerError, replacePart } from "./marked-part.ts";
import { asSvg } from "./simulation/picture.ts";
import { allHold, type Played } from "./simulation/played.ts";
import { asData, asMarkdown, asText } from "./simulation/report.ts";
import { SCENARIOS } from "./simulation/scenarios.ts";
import { settingsTables } from "./simulation/settings-tables.ts";

const SEED = 1;
const COMMAND = "npm run simulate -- --write";
const README = resolve(import.meta.dirname, "../src/router/README.md");
const PICTURE = resolve(import.meta.dirname, "../src/router/simulation.svg");

interface Options {
	readonly scenario?: readonly string[];
	readonly seed: number;
	readonly json?: true;
	readonly svg?: string;
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

const NOTES = `
Scenarios:
${SCENARIOS.map(({ name, title }) => `  ${name.padEnd(20)}${title}`).join("\n")}

Exit codes: 0 every check holds, 1 a check fails, 2 wrong arguments.`;

function program(): Command {
	return new Command("simulate")
		.description("Simulate the router in difficult situations, in virtual time, and check its behaviour.")
		.addOption(
			new Option("--scenario <name>", "run only this one; may be repeated")
				.choices(SCENARIOS.map(({ name }) => name))
				.argParser((name: string, before: readonly string[] = []) => [...before, known(name)]),
		)
		.option("--seed <n>", "seed of the random numbers", wholeNumber, SEED)
		.option("--json", "print one JSON object")
		.option("--svg <file>", "write the picture to a file")
		.addOption(new Option("--write", "update src/router/README.md and src/router/simulation.svg").conflicts(["scenario", "seed", "check"]))
		.addOption(new Option("--check", "fail if these two differ from the results of this run").conflicts(["scenario", "seed"]))
		.exitOverride()
		.allowExcessArguments(false)
		.showHelpAfterError("(--help lists the options)")
		.addHelpText("after", NOTES);
}

async function simulate(options: Options, { stdout, stderr, progress = () => {} }: SimulateContext): Promise<boolean> {
	const { scenario, seed, json, svg, write, check } = options;
	const played: Played[] = [];
	for (const each of SCENARIOS) {
		if (scenario !== undefined && !scenario.includes(each.name)) continue;
		const started = performance.now();
		progress(`${each.name} … `);
		played.push({ scenario: each, result: await each.play(seed) });
		progress(`${((performance.now() - started) / 1_000).toFixed(1)} s\n`);
	}
	stdout(`${json ? JSON.stringify(asData(seed, played), undefined, "\t") : asText(played)}\n`);
	if (svg !== undefined) writeFileSync(svg, asSvg(played));
	if (write) for (const [path, content] of documents(played)) writeFileSync(path, content);
	return (check ? upToDate(played, stderr) : true) && allHold(played);
}

/** The two documents with the results of this run. */
function documents(played: readonly Played[]): [path: string, content: string][] {
	const withSettings = replacePart(readFileSync(README, "utf8"), { name: "settings", command: COMMAND }, settingsTables());
	const readme = replacePart(withSettings, { name: "results", command: COMMAND }, asMarkdown(played));
	return [
		[README, readme],
		[PICTURE, asSvg(played)],
	];
}

function upToDate(played: readonly Played[], stderr: (text: string) => void): boolean {
	const stale = documents(played).filter(([path, content]) => !existsSync(path) || readFileSync(path, "utf8") !== content);
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
