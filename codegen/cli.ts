/**
 * `npm run codegen`: the command line around the pipeline.
 *
 * Exit codes: 0 success, 1 a failure of the machine or of codegen itself, 2 a wrong command line, 100 findings in the user's files
 * (or drift, with `--check`).
 */
import * as path from "node:path";
import { Command, CommanderError, Option } from "commander";
import { bundleDirectory, GeneratorBundle } from "./bundle/bundle.ts";
import { cacheDirectory } from "./cache/directory.ts";
import { EXIT } from "./commands/context.ts";
import { endWith, ownProcess } from "./commands/own-process.ts";
import { DIAGNOSTIC_FORMATS, type DiagnosticFormat } from "./diagnostics/formats.ts";
import type { Extended } from "./extend.ts";
import { CodegenFailure, withoutStack } from "./failure.ts";
import { Interruption, lockOptions } from "./interruption.ts";
import { runCodegen } from "./pipeline.ts";
import type { Outcome } from "./report.ts";
import { reportRun } from "./report-run.ts";
import { type CodegenOptions, type CodegenResult, isClean } from "./run.ts";
import { stackOf } from "./stack-of.ts";

/** Output streams and settings of a command; a test passes its own. */
export interface CliContext {
	readonly stdout: (text: string) => void;
	readonly stderr: (text: string) => void;
	readonly color: boolean;
	/** Aborted by Ctrl-C: the run stops before it changes anything. */
	readonly signal?: AbortSignal;
	/** Passed on to the pipeline. */
	readonly overrides?: Partial<CodegenOptions>;
}

interface Flags {
	readonly wit: string;
	readonly out: string;
	readonly config: string;
	readonly format: DiagnosticFormat;
	readonly check?: true;
	readonly acceptBreaking?: true;
	readonly force?: true;
	readonly scaffold?: true;
	readonly newBackend?: string;
	readonly cache: boolean;
}

const ROOT = path.resolve(import.meta.dirname, "..");

const AFTER_HELP = `
Exit codes: 0 clean, 1 codegen or the machine failed, 2 wrong usage, 100 findings (faults in WIT, a breaking
change, hand-edited generated files, drift with --check).

Examples:
  npm run codegen                          read wit/, bring generated/ up to date
  npm run codegen -- --check               for CI: write nothing, show what is out of date
  npm run codegen -- --accept-breaking     take a change that breaks guests into wit/abi.lock.json
  npm run codegen -- --scaffold            after WIT has grown: add the members that src/ now lacks
  npm run codegen -- --new-backend acme    begin src/backends/kinds/acme/ and build it in
`;

export function createProgram(): Command {
	return new Command("codegen")
		.description("Generates generated/ from the WIT of the ABI. A run that fails writes nothing; files that are current are not touched.")
		.addOption(new Option("--wit <dir>", "directory of the WIT package").default(path.join(ROOT, "wit"), "wit/ of the project"))
		.addOption(new Option("--out <dir>", "directory to generate into").default(path.join(ROOT, "generated"), "generated/ of the project"))
		.addOption(
			new Option("--config <file>", "which backend kinds are built in").default(
				path.join(ROOT, "codegen", "codegen.config.json"),
				"codegen/codegen.config.json",
			),
		)
		.addOption(
			new Option("--check", "write nothing; exit 100 with a unified diff if anything is out of date").conflicts([
				"force",
				"scaffold",
				"newBackend",
			]),
		)
		.option("--accept-breaking", "record changes that break guests instead of reporting them")
		.option("--force", "overwrite generated files changed by hand, keeping each as <file>.edited")
		.option("--scaffold", "then add to src/ the members generated interfaces ask for, each throwing until written")
		.option("--new-backend <kind>", "then write a new kind of backend to src/backends/kinds/<kind>/ and enable it; existing files stay")
		.option("--no-cache", "make everything again, and keep nothing for the next run")
		.addOption(
			new Option("--format <format>", "text for people, json for programs, the others for CI and editors")
				.choices(DIAGNOSTIC_FORMATS)
				.default("text"),
		)
		.helpOption("-h, --help", "show this help")
		.addHelpText("after", AFTER_HELP)
		.allowExcessArguments(false);
}

/** Runs one command line (without `node` and the script) and returns the exit code. Never throws, never exits. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
	const program = createProgram()
		.exitOverride()
		.configureOutput({ writeOut: context.stdout, writeErr: context.stderr, outputError: (text, write) => write(text) })
		.showHelpAfterError("(--help shows all options)");
	try {
		program.parse([...args], { from: "user" });
	} catch (cause) {
		if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.clean : EXIT.usage;
		throw cause;
	}
	const flags = program.opts<Flags>();
	const outcome = await attempt(flags, context);
	await reportRun(flags.format, outcome, context);
	return outcome.exitCode;
}

async function attempt(flags: Flags, context: CliContext): Promise<Outcome> {
	const started = performance.now();
	const interruption = new Interruption(context.signal);
	const mode = flags.check ? "check" : "write";
	const outDir = path.resolve(flags.out);
	const common = { mode, out: shortName(outDir) } as const;
	const isCached = flags.cache && flags.newBackend === undefined && context.overrides?.emitters === undefined;
	const cache = isCached ? cacheDirectory(outDir) : undefined;
	const options: CodegenOptions = {
		witDir: path.resolve(flags.wit),
		outDir,
		configFile: path.resolve(flags.config),
		mode,
		acceptBreaking: flags.acceptBreaking ?? false,
		force: flags.force ?? false,
		beforeWrite: interruption.beforeWrite,
		...(cache === undefined ? {} : { cache }),
		lock: lockOptions("codegen run", context.stderr, context.signal),
		...context.overrides,
	};
	let result: CodegenResult | undefined;
	try {
		const extend = flags.newBackend !== undefined || flags.scaffold ? await import("./extend.ts") : undefined;
		if (flags.newBackend !== undefined) extend?.requireKindName(flags.newBackend);
		extend?.projectOf(outDir);
		result = await interruption.during(runCodegen(options));
		const extended: Extended[] = [];
		if (extend !== undefined && flags.newBackend !== undefined && result.abi !== undefined && isClean(result)) {
			extended.push(await extend.scaffoldBackend(outDir, result.abi, flags.newBackend, options.configFile));
			result = joined(result, await runCodegen(options));
		}
		if (extend !== undefined && flags.scaffold && isClean(result)) extended.push(await extend.scaffoldMissing(outDir));
		const exitCode = isClean(result) ? EXIT.clean : EXIT.findings;
		return { ...common, exitCode, result, extended, durationMs: performance.now() - started };
	} catch (thrown) {
		const cause = withoutStack(thrown);
		const durationMs = performance.now() - started;
		if (cause instanceof CodegenFailure) return { ...common, exitCode: cause.exitCode, failure: cause.message, durationMs };
		const what = result === undefined ? "codegen itself failed; nothing was changed" : `${common.out} is written, but scaffolding failed`;
		return { ...common, exitCode: EXIT.crash, failure: `${what}. Please report this.\n${stackOf(cause)}`, durationMs };
	}
}

/** The outcome of two runs after one another, as one. */
function joined(first: CodegenResult, second: CodegenResult): CodegenResult {
	const both = (key: keyof CodegenResult["written"]): string[] => [...new Set([...first.written[key], ...second.written[key]])];
	return {
		...second,
		written: {
			created: both("created"),
			updated: both("updated").filter((file) => !first.written.created.includes(file)),
			deleted: both("deleted"),
			kept: both("kept"),
		},
	};
}

function shortName(directory: string): string {
	const relative = path.relative(process.cwd(), directory).split(path.sep).join("/");
	return `${relative.startsWith("../../") || relative === "" ? directory : relative}/`;
}

/**
 * Runs one command line as the process's own: its streams, its signals, its exit code.
 *
 * @param overrides what a test replaces in the pipeline
 */
export async function main(args: readonly string[], overrides: Partial<CodegenOptions> = {}): Promise<void> {
	const directory = bundleDirectory();
	const bundle = directory === undefined ? undefined : new GeneratorBundle(directory);
	const exitCode = await runCli(args, {
		...ownProcess("codegen"),
		overrides: { ...(bundle === undefined ? {} : { bundle }), ...overrides },
	});
	endWith(exitCode);
	if (exitCode === EXIT.clean) await bundle?.keep();
}
