import { type Command, InvalidArgumentError, Option } from "commander";
import { RUN_STATES } from "../../serve/runs/run-states.ts";
import { EXIT } from "../exit-codes.ts";
import { addLogOptions } from "../log-options.ts";
import { CONFIG, duration, type Finish, JSON_OUTPUT } from "../options.ts";
import { cancelRun, listRuns, printEvents, retryRun, showRun } from "./inspect.ts";
import { submit } from "./submit.ts";
import { worker } from "./worker.ts";

/** Most runs that `spear runs list` prints. */
const MAX_LISTED = 1_000;

/** Adds `spear worker`, `spear submit` and `spear runs`. */
export function addRuns(spear: Command, finish: Finish): void {
	addLogOptions(spear.command("worker"), "that of the configuration, else info")
		.description("Run submitted runs of the configured agents, until Ctrl-C or SIGTERM. Needs [cluster] in the configuration.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--runs <number>", "Most runs in progress. The default is worker_runs of [runs], or 16.", wholeNumber(1, 10_000))
		.option(
			"--drain <duration>",
			"Longest time that runs in progress have to end at the stop. The default is drain_ms of [server].",
			duration,
		)
		.option("--no-watch", "Do not reload the configuration and agents when their files change. SIGHUP reloads in any case.")
		.option("--json", "Print one JSON object when the worker begins.")
		.action(async (options) => finish(await worker(options)));
	addSubmit(spear, finish);
	const runs = spear
		.command("runs")
		.description("Show and change submitted runs. Needs [cluster] in the configuration.")
		.helpCommand(false);
	addLogOptions(runs.command("list"))
		.description("List runs, newest first, and how many wait.")
		.argument("[agent]", "Name of the agent. The default is all agents of the configuration.")
		.option("-c, --config <spear.toml>", CONFIG)
		.addOption(new Option("--state <state>", "Only runs in this state.").choices(RUN_STATES))
		.option("--guest <name>", "Only runs that this guest has submitted.")
		.addOption(new Option("-n, --limit <number>", "Most runs.").argParser(wholeNumber(1, MAX_LISTED)).default(undefined, "20"))
		.option("--json", "Print one JSON object a line for each run.")
		.action(async (agent, options) => finish(await listRuns(agent, options)));
	addLogOptions(runs.command("show"))
		.description("Print a run, with its answer or error.")
		.argument("<id>", "Id of the run.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--json", JSON_OUTPUT)
		.action(async (id, options) => finish(await showRun(id, options)));
	addLogOptions(runs.command("events"))
		.description("Print what the guest of a run has emitted: text to standard output, the rest to standard error.")
		.argument("<id>", "Id of the run.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("-f, --follow", "Print further output as it comes, until the run has ended.")
		.option("--after <cursor>", "Only what follows the step with this cursor, which --json prints.")
		.option("--json", "Print one JSON object a line for each text and event.")
		.action(async (id, options) => finish(await printEvents(id, options)));
	addLogOptions(runs.command("cancel"))
		.description("Cancel a run.")
		.argument("<id>", "Id of the run.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--json", JSON_OUTPUT)
		.action(async (id, options) => finish(await cancelRun(id, options)));
	addLogOptions(runs.command("retry"))
		.description("Queue a poisoned run again, with all its attempts.")
		.argument("<id>", "Id of the run.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--json", JSON_OUTPUT)
		.action(async (id, options) => finish(await retryRun(id, options)));
}

function addSubmit(spear: Command, finish: Finish): void {
	addLogOptions(spear.command("submit"))
		.description("Submit a run of an agent to the queue, and print its id. A worker runs it. Needs [cluster] in the configuration.")
		.argument("<agent>", "Name of the agent, as in [agents.<name>] of the workers.")
		.argument("[input]", "The input of the guest. `-` reads standard input. The default is an empty text.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("-i, --input <text>", "The same as the argument [input].")
		.option("--wait", "Wait for the end, and print as `spear run` does, with its exit codes. Ctrl-C ends the wait, and not the run.")
		.addOption(
			new Option("--priority <number>", "Runs of a guest with a higher number start first, 0 to 9.")
				.argParser(wholeNumber(0, 9))
				.default(undefined, "5"),
		)
		.option("--delay <duration>", "Time until the run may start, e.g. 30s or 2h.", duration)
		.option("--deadline <duration>", "Time until the run must have ended, from now on.", duration)
		.option(
			"--timeout <duration>",
			"Longest duration of one attempt. The default is run_timeout_ms of the worker's configuration.",
			duration,
		)
		.option("--attempts <number>", "Attempts, 1 to 100. The default is max_attempts of [runs], or 3.", wholeNumber(1, 100))
		.option("--idempotency-key <key>", "A second submission with the same key returns the first run, while that is kept.")
		.option("--retry-guest-failures", "Retry an attempt in which the guest itself failed, too.")
		.option("--guest <name>", "Name of the guest that submits, whose share of the starts the run uses.")
		.option("--json", "Print one JSON object with the id; with --wait, that of `spear run`.")
		.option("--stream-json", "Wait, and print JSON lines as `spear run` does.")
		.action(async (agent, input, options) => {
			if (input !== undefined && options.input !== undefined)
				spear.error("error: the input is given twice; omit --input, or the argument [input]", { exitCode: EXIT.usage });
			finish(await submit(agent, input === undefined ? options : { ...options, input }));
		});
}

/** Returns a parser of whole numbers. */
function wholeNumber(least: number, most: number): (text: string) => number {
	return (text) => {
		const value = Number(text);
		if (/^\d{1,6}$/.test(text) && value >= least && value <= most) return value;
		throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
	};
}
