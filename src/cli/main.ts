#!/usr/bin/env node
import "./require-node.ts";
import process from "node:process";
import { Command, CommanderError, Option } from "commander";
import { backends } from "./backends.ts";
import { build } from "./build.ts";
import { EXIT } from "./exit-codes.ts";
import { run } from "./run.ts";
import { handleOutputFaults } from "./terminal.ts";
import { version } from "./version.ts";

const CONFIG = "the host's configuration; spear.toml here when there is one, else an embedded default that needs no key";

const NOTES = `
Exit codes: 0 done, 1 the guest or a hostcall it passed on failed, 2 wrong arguments, configuration or component, 130 interrupted.

Examples:
  spear build agent.ts --world chat-agent      agent.wasm, and agent.spear/ for hosts without a toolchain
  spear run agent.wasm -i "Hello" --explain    run it, and tell why each request went where it went
  spear backends -c spear.toml --json          what a configuration offers`;

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
		.action(async (component, options) => finish(await run(component, options)));
	spear
		.command("backends")
		.description("List the configured backends and what they can do. Contacts none of them.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--json", "print one JSON object")
		.action(async (options) => finish(await backends(options)));
	return spear;
}

handleOutputFaults();
try {
	await program((exitCode) => {
		process.exitCode = exitCode;
	}).parseAsync();
} catch (thrown) {
	if (!(thrown instanceof CommanderError)) throw thrown;
	process.exitCode = thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
}
