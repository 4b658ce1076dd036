import { Command, CommanderError, Option } from "commander";
import { OPERATIONS } from "../../generated/ir/operations.ts";
import schema from "../../generated/schema/types.schema.json" with { type: "json" };
import { ENGINES } from "../build/componentize.ts";
import { addAdmin } from "./admin/add-admin.ts";
import { backends } from "./backends.ts";
import { build } from "./build.ts";
import { addCache } from "./cache/add-cache.ts";
import { addCheck } from "./check/add-check.ts";
import { checkBackends } from "./check-backends.ts";
import { addCompletion } from "./completion/add-completion.ts";
import { addDev } from "./dev/add-dev.ts";
import { addDoctor } from "./doctor/add-doctor.ts";
import { EXIT } from "./exit-codes.ts";
import { explain } from "./explain.ts";
import { addInit } from "./init/add-init.ts";
import { addLogOptions } from "./log-options.ts";
import { addModels } from "./models/add-models.ts";
import { addNew } from "./new-agent/add-new.ts";
import { CONFIG, duration, type Finish, JSON_OUTPUT, milliseconds, ONLY_BACKEND, streamNumber, timeoutOption } from "./options.ts";
import { run } from "./run.ts";
import { addRuns } from "./runs/add-runs.ts";
import { addServe } from "./serve/add-serve.ts";
import { addSpeak } from "./speak/add-speak.ts";
import { addTranscribe } from "./transcribe/add-transcribe.ts";
import { version } from "./version.ts";

const NOTES = `
Exit codes:
  0    Success.
  1    The guest or one of its hostcalls failed, \`spear explain\` found no backend, \`spear backends --check\`,
       \`spear check\` or \`spear doctor\` found a fault, or a model cannot be pulled or is broken.
  2    The arguments, the configuration or the component cannot be used.
  130  Interrupted by Ctrl-C or SIGTERM.
  A guest that exits with a status other than 0 gives \`spear run\` that status, up to 255.

Examples:
  spear build agent.ts --world chat-agent                Write agent.wasm, and agent.spear/ for hosts without a toolchain.
  spear run agent.ts "Hello" --explain                   Build and run it, and print the route of each request.
  spear init && spear check                              Write a first spear.toml, and check it.
  spear serve                                            Serve agents and an OpenAI-compatible API on this machine.
  spear submit clerk "Hello" --wait                      Queue a run of an agent, and print it when a worker has run it.
  spear decisions --follow --status failed               Print the requests of a running server that fail.
  spear backends -c spear.toml --json                    List the backends of a configuration.
  spear backends --check                                 Ask each backend if URL, key and models work.
  spear speak "Hello" -o hello.wav                       Have a backend speak a text.
  spear transcribe hello.wav                             Have a backend write down a recording.
  spear doctor                                           Check this machine, and print what to do about each fault.
  spear new my-agent --template tools                    Write a project with a guest and its tests.
  spear dev agent.ts "Hello"                             Run a guest again after each change.
  spear new backend my-vendor --dir my-vendor            Write a package with a backend kind of your own.
  spear models pull --default                            Download the models that run on this machine without a provider.
  spear explain --model large --feature supports_tools   Print the backend that such a chat would use, and why.`;

/** Adds words to the help and to completion. Unlike `choices`, the command itself refuses other words, and suggests one. */
function withWords(option: Option, words: string[]): Option {
	option.argChoices = words;
	return option;
}

/** Adds the values and the default of an option to its description, as sentences. */
function optionDescription({ description, argChoices = [], defaultValue, defaultValueDescription }: Option): string {
	const fallback: unknown = defaultValueDescription ?? defaultValue;
	return [
		description,
		...(argChoices.length === 0 ? [] : [`One of ${argChoices.join(", ")}.`]),
		...(typeof fallback === "string" ? [`The default is ${fallback}.`] : []),
	].join(" ");
}

/** @param finish Called with the exit code when a command has run. */
function program(finish: Finish): Command {
	const spear = new Command("spear")
		.description("Build and run WebAssembly agents that call AI operations through the spear:ai hostcalls.")
		.version(version(), "-V, --version", "Print the version.")
		.helpOption("-h, --help", "Print this help.")
		.helpCommand("help [command]", "Print the help of a command.")
		.configureHelp({ optionDescription })
		.exitOverride()
		.showHelpAfterError("(spear --help lists the commands)")
		.addHelpText("after", NOTES);
	spear
		.command("build")
		.description("Compile a TypeScript guest to a component, and prepare it for hosts without a toolchain.")
		.argument("<guest.ts>", "The entry file of the guest. It exports `run`.")
		.option("-o, --out <out.wasm>", "Path of the component. The default is beside the entry file.")
		.addOption(new Option("--engine <engine>", "The JavaScript engine in the component.").choices(ENGINES).default("quickjs"))
		.option("--world <world>", "The world of spear:ai that the guest targets.", "agent")
		.option("--check", "Check the types with the TypeScript of the project, by the globals and hostcalls that a guest has.")
		.option("--minify", "Shorten the code of the guest.")
		.option("-w, --watch", "Build again whenever a source of the guest changes, until Ctrl-C.")
		.option("--no-source-map", "Leave out the source map, by which errors of the guest show lines of its sources.")
		.option("--json", JSON_OUTPUT)
		.action(async (entry, options) => finish(await build(entry, options)));
	addLogOptions(spear.command("run"), "info for lines of the guest, else that of the configuration, else warn")
		.description("Run a component once, or an agent that `spear build` prepared. Builds a TypeScript guest first.")
		.argument("<guest.wasm>", "The component, the directory of the prepared agent, or the TypeScript or JavaScript file of the guest.")
		.argument("[input]", "The input of the guest. `-` reads standard input. The default is an empty text.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("-i, --input <text>", "The same as the argument [input].")
		.option("--json", "Print one JSON object with the output or the error, what the guest emitted before, and its CPU time.")
		.option(
			"--stream-json",
			"Print JSON lines: each text and event as the guest emits it, and at the end the rest of the object of --json.",
		)
		.option("--explain", "Print the route of each request and the reasons to standard error, or as part of the JSON object.")
		.option("--transcript", "Print the conversation to standard error while it happens.")
		.option("--profile <file.cpuprofile>", "Write a CPU profile of the guest, which the developer tools of Chrome and VS Code open.")
		.addOption(
			new Option("--isolation <isolation>", "The place where the guest runs: the thread of the host, or a thread of its own.")
				.choices(["shared", "worker"])
				.default(undefined, "that of the configuration"),
		)
		.option(
			"--timeout <duration>",
			"Longest run, e.g. 500ms, 30s or 5m. The guest is stopped then. The default is run_timeout_ms of the configuration.",
			duration,
		)
		.option(
			"--cpu <ms>",
			"Longest CPU time of the guest, in milliseconds. The guest is stopped then. The default is cpu_ms of the configuration.",
			milliseconds,
		)
		.option("--watch", "Reload the configuration when its file changes, and at SIGHUP.")
		.option(
			"--mic <recording.wav>",
			"The sound of the guest's microphone, at the speed at which it is heard. `-` reads 16-bit mono sound at 24 kHz from standard input. For core modules.",
		)
		.option(
			"--stream <number>",
			"Connect standard input and output with a stream of the guest: each line, or chunk, is the data of a frame. The end of the input ends the session. For core modules.",
			streamNumber,
		)
		.option(
			"--stream-frames",
			"Connect standard input and output with all streams of the guest: whole frames, header included. For core modules.",
		)
		.addOption(
			new Option(
				"--stream-linger <duration>",
				"Time for which the guest must be idle, after the end of the input, before its session ends, e.g. 5s.",
			)
				.argParser(duration)
				.default(undefined, "500ms"),
		)
		.action(async (guest, input, options) => {
			if (input !== undefined && options.input !== undefined)
				spear.error("error: the input is given twice; omit --input, or the argument [input]", { exitCode: EXIT.usage });
			finish(await run(guest, input === undefined ? options : { ...options, input }));
		});
	addDev(spear, finish);
	addInit(spear, finish);
	addCheck(spear, finish);
	addServe(spear, finish);
	addRuns(spear, finish);
	addAdmin(spear, finish);
	addSpeak(spear, finish);
	addTranscribe(spear, finish);
	addNew(spear, finish);
	addLogOptions(spear.command("backends"))
		.description("List the configured backends and their capabilities. Contacts none of them unless an option says so.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--check", "Ask each backend with one cheap request if URL, key and models work.")
		.option("--models", "List the models of each upstream, with the result of the check.")
		.addOption(timeoutOption())
		.option("--json", JSON_OUTPUT)
		.action(async (options) => finish(await (options.check || options.models ? checkBackends(options) : backends(options))));
	addDoctor(spear, finish);
	addLogOptions(spear.command("explain"))
		.description("Print the backend that a request would use, and why, without contacting one; or print recorded decisions.")
		.argument("[decisions.json]", "Output of `spear run --json --explain`, or an error record. `-` reads standard input.")
		.option("-c, --config <spear.toml>", CONFIG)
		.addOption(withWords(new Option("--operation <operation>", "The operation.").default("chat_completions"), Object.keys(OPERATIONS)))
		.option("--model <name>", "The model. The default is the first model of each backend.")
		.option("--feature <names...>", "Required features, e.g. supports_tools.")
		.option("--field <names...>", "Fields that the request has, e.g. messages.content.image.")
		.option("--stream", "Require a streamed response. The default is a whole one.")
		.option("--backend <name>", ONLY_BACKEND)
		.option("--prefer <names...>", "Preferred backends, best first.")
		.option("--allow <names...>", "Backends that may be used. The default is all.")
		.option("--deny <names...>", "Backends that may not be used.")
		.option("--session-key <key>", "Key of requests that belong together. The policy may route them to one backend.")
		.option("--region <name>", "Preferred region.")
		.addOption(
			new Option("--policy <policy>", "The policy.").choices(schema.$defs.Policy.enum).default(undefined, "the policy of the route"),
		)
		.addOption(
			new Option("--degradation <policy>", "Permitted differences from the request. A laxer policy than that of the route has no effect.")
				.choices(schema.$defs.Degradation.enum)
				.default(undefined, "the policy of the route"),
		)
		.option("--guest <name>", "Name of the guest whose routes and limits apply.")
		.option("--json", JSON_OUTPUT)
		.action(async (file, options) => finish(await explain(file, options)));
	addModels(spear, finish);
	addCache(spear, finish);
	addCompletion(spear, finish);
	return spear;
}

/**
 * Runs one command line and returns the exit code. Writes to the streams of the process.
 *
 * @param args Arguments without `node` and the script.
 */
export async function runCommand(args: readonly string[]): Promise<number> {
	let exitCode: number = EXIT.ok;
	const spear = program((code) => {
		exitCode = code;
	});
	try {
		await spear.parseAsync([...args], { from: "user" });
		return exitCode;
	} catch (thrown) {
		if (!(thrown instanceof CommanderError)) throw thrown;
		return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
	}
}
