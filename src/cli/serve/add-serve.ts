import { type Command, Option } from "commander";
import { addLogOptions } from "../log-options.ts";
import { CONFIG, duration, type Finish } from "../options.ts";
import { portNumber, serve } from "./serve.ts";

/** Adds `spear serve`. */
export function addServe(spear: Command, finish: Finish): void {
	addLogOptions(spear.command("serve"), "that of the configuration, else info")
		.description("Serve the configured agents and an OpenAI-compatible API over HTTP, until Ctrl-C or SIGTERM.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--host <address>", "Address to listen on. The default is that of the configuration, or 127.0.0.1.")
		.option("--port <number>", "Port to listen on; 0 for any free one. The default is that of the configuration, or 8787.", portNumber)
		.option("--drain <duration>", "Longest time that requests in progress have to end at the stop, e.g. 30s.", duration)
		.option("--no-watch", "Do not reload the configuration and agents when their files change. SIGHUP reloads in any case.")
		.option("--worker", "Run submitted runs of the agents too. Without [cluster], the server does so in any case.")
		.addOption(
			new Option(
				"--demo",
				"Serve simulated backends and traffic in place of a configuration, to look at the operator's page. Prints the key of the page.",
			).conflicts("config"),
		)
		.option("--json", "Print one JSON object with the address when the server listens.")
		.action(async (options) => finish(await serve(options)));
}
