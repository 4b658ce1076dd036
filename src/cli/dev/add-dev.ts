import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import { addLogOptions } from "../log-options.ts";
import { CONFIG, duration, type Finish } from "../options.ts";
import { dev } from "./dev.ts";

/** Adds `spear dev`. */
export function addDev(spear: Command, finish: Finish): void {
	addLogOptions(spear.command("dev"), "info for lines of the guest, else that of the configuration, else warn")
		.description("Build and run a TypeScript guest, and again after each change of its sources or of the configuration, until Ctrl-C.")
		.argument("<guest.ts>", "The entry file of the guest. It exports `run`.")
		.argument("[input]", "The input of the guest. `-` reads standard input, once. The default is an empty text.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("-i, --input <text>", "The same as the argument [input].")
		.option("--world <world>", "The world of spear:ai that the guest targets.", "agent")
		.option("--explain", "Print the route of each request and the reasons to standard error.")
		.option("--transcript", "Print the conversation to standard error while it happens.")
		.option("--timeout <duration>", "Longest run, e.g. 500ms, 30s or 5m. The default is run_timeout_ms of the configuration.", duration)
		.option("--no-clear", "Leave the screen as it is before each run.")
		.addHelpText("after", NOTES)
		.action(async (guest, input, options) => {
			if (input !== undefined && options.input !== undefined)
				spear.error("error: the input is given twice; omit --input, or the argument [input]", { exitCode: EXIT.usage });
			finish(await dev(guest, input === undefined ? options : { ...options, input }));
		});
}

const NOTES = `
The guest runs in a QuickJS engine that was prepared before, and its code is evaluated at the start of each run. \`spear build\` evaluates the top
level of the guest once, during the build. Otherwise both behave the same.`;
