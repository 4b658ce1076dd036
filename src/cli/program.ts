import { Command, CommanderError, Option } from "commander";
import schema from "../../generated/schema/types.schema.json" with { type: "json" };
import { backends } from "./backends.ts";
import { build } from "./build.ts";
import { EXIT } from "./exit-codes.ts";
import { explain } from "./explain.ts";
import { run } from "./run.ts";
import { version } from "./version.ts";

const CONFIG = "the host's configuration; spear.toml here when there is one, else an embedded default that needs no key";

const NOTES = `
Exit codes: 0 done, 1 the guest or a hostcall it passed on failed, or a request would find no backend, 2 wrong arguments, configuration or component, 130 interrupted.

Examples:
  spear build agent.ts --world chat-agent      agent.wasm, and agent.spear/ for hosts without a toolchain
  spear run agent.wasm -i "Hello" --explain    run it, and tell why each request went where it went
  spear backends -c spear.toml --json          what a configuration offers
  spear explain --model large --feature supports_tools   where such a chat would go, and why`;

const POLICIES = schema.$defs.Policy.enum;

function program(finish: (exitCode: number) => void): Command {
	const spear = new Command("spear")
		.description("Build and run WebAssembly agents that call AI through the spear:ai hostcalls.")
		.version(version())
		.exitOverride()
		.showHelpAfterError("(spear --help lists the commands)")
		.addHelpText("after", NOTES);
	spear
		.command("build")
		.description("Compile a TypeScript guest to a component, and prepare it so that a host needs no toolchain.")
		.argument("<guest.ts>", "the guest's entry file; it exports `run`")
		.option("-o, --out <out.wasm>", "where the component goes (default: beside the entry file)")
		.addOption(
			new Option("--engine <engine>", "the JavaScript engine inside the component")
				.choices(["quickjs", "starlingmonkey"])
				.default("quickjs"),
		)
		.option("--world <world>", "the world of spear:ai the guest targets", "agent")
		.option("--json", "print one JSON object")
		.action(async (entry, options) => finish(await build(entry, options)));
	spear
		.command("run")
		.description("Run a component, or an agent prepared by `spear build`, once.")
		.argument("<component.wasm>", "the component")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("-i, --input <text>", "what the guest is given; - reads standard input", "")
		.option("--json", "print one JSON object with the output or the error")
		.option("--explain", "tell of each request why it went where it went")
		.option("--transcript", "print the conversation to standard error while it happens")
		.option("--watch", "go by the configuration anew when its file changes, and at SIGHUP")
		.action(async (component, options) => finish(await run(component, options)));
	spear
		.command("backends")
		.description("List the configured backends and what they can do. Contacts none of them.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--json", "print one JSON object")
		.action(async (options) => finish(await backends(options)));
	spear
		.command("explain")
		.description("Tell where a request would go by a configuration, and why, contacting nobody; or print recorded decisions readably.")
		.argument("[decisions.json]", "what `spear run --json --explain` printed, or an error; - reads standard input")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--operation <operation>", "what is asked for", "chat_completions")
		.option("--model <name>", "the model the request names")
		.option("--feature <names...>", "features it requires, e.g. supports_tools")
		.option("--stream", "it wants its answer piece by piece")
		.option("--backend <name>", "it asks for this backend alone")
		.option("--prefer <names...>", "backends it would rather have, in this order")
		.option("--allow <names...>", "backends it is content with")
		.option("--deny <names...>", "backends it does not want")
		.option("--session-key <key>", "what it has in common with others")
		.option("--region <name>", "the region it wants to stay close to")
		.addOption(new Option("--policy <policy>", "the policy it asks for").choices(POLICIES))
		.option("--guest <name>", "the guest whose request it is")
		.option("--json", "print one JSON object")
		.action(async (file, options) => finish(await explain(file, options)));
	return spear;
}

/** Runs one command line, without `node` and the script. Writes to the process's streams, and resolves to the exit code. */
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
