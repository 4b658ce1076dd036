/**
 * Checks docstrings and documents for plain words, by the rules in `words.ts`.
 *
 *     npm run check:words                        the whole project
 *     npm run check:words -- src/media wit       only these files and folders
 *     npm run check:words -- --summary           counts by folder and rule
 *     npm run check:words -- --json              one JSON array of findings
 *
 * Prints `path:line: rule: message` for each finding. Exits 1 with findings, 2 for wrong arguments.
 */
import "./require-node.ts";
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import process from "node:process";
import { Command, CommanderError, Option } from "commander";
import { checkText, type Finding } from "./words/check-text.ts";
import { listSources } from "./words/sources.ts";
import { summarize } from "./words/summary.ts";

/** A path argument that selects no checked file. */
export class NothingToCheck extends Error {}

/** Findings in the checked files under `root`. `paths` limits the check to files and folders, relative to `root`. The default is all. */
export function checkWords(root: string, paths: readonly string[] = []): Finding[] {
	const sources = listSources(root);
	const chosen = new Set(paths.length === 0 ? sources : paths.flatMap((path) => select(root, sources, path)));
	return sources.filter((path) => chosen.has(path)).flatMap((path) => checkText(path, readFileSync(resolve(root, path), "utf8")));
}

function select(root: string, sources: readonly string[], path: string): string[] {
	const wanted = relative(root, resolve(root, path)).replaceAll("\\", "/");
	const found = sources.filter((source) => wanted === "" || source === wanted || source.startsWith(`${wanted}/`));
	if (found.length === 0) throw new NothingToCheck(`No checked file is at ${path}.`);
	return found;
}

interface Options {
	readonly json?: true;
	readonly summary?: true;
}

const command = new Command("check-words")
	.description("Check docstrings and documents for plain words.")
	.argument("[paths...]", "only these files and folders")
	.option("--json", "print one JSON array")
	.addOption(new Option("--summary", "print counts by folder and rule").conflicts("json"))
	.exitOverride()
	.showHelpAfterError("(--help lists the options)")
	.addHelpText("after", "\nExit codes: 0 no findings, 1 findings, 2 wrong arguments.")
	.action((paths: readonly string[], options: Options) => {
		const findings = checkWords(process.cwd(), paths);
		console.log(options.json ? JSON.stringify(findings, undefined, "\t") : report(findings, options.summary ?? false));
		process.exitCode = findings.length === 0 ? 0 : 1;
	});

function report(findings: readonly Finding[], summary: boolean): string {
	if (findings.length === 0) return "the words are plain";
	if (summary) return summarize(findings);
	const lines = findings.map(({ path, line, rule, message }) => `${path}:${line}: ${rule}: ${message}`);
	return [...lines, `${findings.length} findings; scripts/words.ts has the rules`].join("\n");
}

if (import.meta.main) {
	try {
		command.parse();
	} catch (thrown) {
		if (thrown instanceof NothingToCheck) {
			console.error(thrown.message);
			process.exitCode = 2;
		} else if (thrown instanceof CommanderError) {
			process.exitCode = thrown.exitCode === 0 ? 0 : 2;
		} else throw thrown;
	}
}
